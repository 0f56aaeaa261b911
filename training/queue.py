"""`python -m training.queue`: see learning/queue.py."""
from .learning.queue import main

if __name__ == "__main__":
    main()
