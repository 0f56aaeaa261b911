#!/bin/bash
# One folder of photos divided among ten jobs of an array. Submit with: sbatch docs/cluster/slurm.sh
#SBATCH --job-name=enlarger
#SBATCH --array=1-10
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --requeue

# The ledger of jobs and temporary pixels belong on the node's own disk: two nodes must not share them.
export ENLARGER_HOME="${TMPDIR:-/tmp}/enlarger-$SLURM_JOB_ID"
export ENLARGER_SCRATCH="$ENLARGER_HOME/scratch"

srun enlarger upscale /shared/photos -o /shared/large --scale 4 --quiet --skip-existing \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
