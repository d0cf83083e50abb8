"""Our place in each partner's business."""
