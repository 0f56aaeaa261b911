"""A process that works until it is told to stop: what the queue's tests end."""
import signal

if __name__ == "__main__":
    signal.pause()
