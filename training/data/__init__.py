"""The photographs: decoded once into a pack, split, and cut into training patches."""
