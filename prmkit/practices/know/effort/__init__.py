"""Who does as much with us as its like, and who does less."""
