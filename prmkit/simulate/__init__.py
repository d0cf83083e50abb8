"""Made-up partner programmes whose truth is known, to see how near an estimator comes to it."""
