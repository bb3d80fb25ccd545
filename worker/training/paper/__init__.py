"""Protocol A, the paper's: beats of all records shuffled into ten folds, so that patients leak.

Jun et al. 2018, arXiv 1804.06812.  One run compares the zoo with our networks on the same folds.
"""
