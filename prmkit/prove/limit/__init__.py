"""The best that could be said: Bayes' rule, told a world's true hyper-parameters and everything that moves all partners alike.

It is told seasons, trends, ramps, crowding, who took part in what, and each partner's margin. It is not told what a partner itself is
(its order rate, the usual size of its orders, whether it has left), nor what is luck. What it sees of a partner are its orders, courses,
funds, service failures and the vendor's acts against it. What other records give away (hours spent on a partner, a date on which
the relationship ended) is not used.
"""
