"""`python -m training.evaluate`: see measure/evaluation.py."""
from .measure.evaluation import main

if __name__ == "__main__":
    main()
