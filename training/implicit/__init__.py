"""Any-scale methods: positions, training pairs, runs and the graphs of docs/implicit.md."""
