"""Full-text search in messages, by the index of each engine.

`words` folds text into words that every engine reads alike; `engines` asks the engine; `find` adds who may read what.
"""
