"""The model card, made from the manifest and the config's short text, so that the two never disagree."""
from pathlib import Path

from ..config import Config
from ..measure.means import SAMPLES


def figure_table(manifest: dict) -> str:
    """Our figures beside the paper's, a row a set and scale."""
    lines = ["| set | scale | PSNR-Y | SSIM-Y | LPIPS | published PSNR-Y |", "|---|---|---|---|---|---|"]
    for name, scales in manifest["figures"].items():
        for scale, f in sorted(scales.items(), key=lambda entry: int(entry[0][1:])):
            published = f"{f['paperPsnrY']:.2f}" if "paperPsnrY" in f else "not stated"
            lpips = f"{f['lpips']:.4f}" if "lpips" in f else "not measured"
            lines.append(f"| {name} | {scale} | {f['psnrY']:.2f} | {f['ssimY']:.4f} | {lpips} | {published} |")
    return "\n".join(lines)


def file_table(manifest: dict) -> str:
    """What each file costs and sees."""
    lines = ["| file | receptive field (input pixels before, after) | multiply-adds per input pixel | ripple |",
             "|---|---|---|---|"]
    for entry in manifest["files"]:
        field = entry["receptiveField"]
        lines.append(f"| {entry['file']} | {field['before']}, {field['after']} | {entry['macsPerPixel']:,} "
                     f"| {entry.get('flatRipple', 'not measured')} |")
    bodies = {entry["body"]["file"] for entry in manifest["files"] if "body" in entry}
    if bodies:
        lines.append(f"\nWhat the files have in common lies once in {', '.join(sorted(bodies))}.")
    return "\n".join(lines)


def tiling_lines(manifest: dict) -> str:
    """What tiles change, for networks that look at the whole picture."""
    if any("means" in entry for entry in manifest["files"]):
        return sampling_lines(manifest)
    lines = [f"- {entry['file']}: {entry['tiled']['mean']} on average, {entry['tiled']['largest']} at most, with tiles "
             f"that stand for {entry['tiled']['core']} pixels a side"
             for entry in manifest["files"] if "tiled" in entry]
    if not lines:
        return ""
    return "\n\n" + "\n".join([
        "It looks at the whole picture it is given, so a tile is not exactly what the whole would be. Tiles fade into each "
        "other,\nand what sees their edges weighs nothing; the difference to the untiled result, in 8-bit steps, on two "
        "photographs:\n", *lines])


def sampling_lines(manifest: dict) -> str:
    """What it changes that means over the whole picture are taken of samples of it."""
    lines = [f"- {entry['file']}: {entry['tiled']['mean']} on average, {entry['tiled']['largest']} at most"
             for entry in manifest["files"] if "tiled" in entry]
    return "\n\n" + "\n".join([
        "It takes means over the whole picture. Of a photo that is more than one tile they are taken of "
        f"{SAMPLES} samples, once, and are the\nsame for all tiles. What that changes, in 8-bit steps, on two photographs of "
        "0.65 megapixels:\n",
        *lines])


def blend_lines(manifest: dict) -> str:
    """What the slider between two files goes between."""
    blends = [entry["blend"]["file"] for entry in manifest["files"] if "blend" in entry]
    if not blends:
        return ""
    standing = {c["id"]: c["default"] for c in manifest["controls"]}
    return f"\n\nStrength 0 is {', '.join(blends)}; 1 is the file in the table; between them every weight is " \
        f"interpolated. The figures\nand the example below are at {standing['strength']:g}, where it stands by itself; " \
        "validation is at 1."


def standing_lines(manifest: dict) -> str:
    """Where the controls of an any-scale method stand in its figures."""
    standing = ", ".join(f"{c['id']} at {c['default']:g}" for c in manifest.get("controls", []) if "implicit" in manifest)
    return f"\n\nThe figures and the example below are with {standing}." if standing else ""


def flatness_lines(manifest: dict) -> str:
    """What it draws where there is nothing."""
    if not (found := manifest.get("flatness")):
        return ""
    return f"\n\nIn the flattest window of each of ten photographs at x{found['scale']} the deviation of luma is " \
        f"{found['mean']:.2f} times the bicubic's\non average, {found['largest']:.2f} times at most; {found['above']} are " \
        "above 1.5 (`python -m training.measure.flatness`)."


def example_lines(path: Path) -> str:
    """The example, where it was drawn."""
    if not path.with_name("example.png").exists():
        return ""
    return "\n![Text and leaves of the sample chart: pixels, bicubic, this method](example.png)\n"


def graph_table(implicit: dict) -> str:
    """What an any-scale method's graphs cost and see."""
    field, macs = implicit["receptiveField"], implicit["macsPerPixel"]
    graphs = [f"{e['file']}{' (shared with other methods)' if e.get('shared') else ''}" for e in implicit["source"]]
    decoder = implicit["decoder"]
    quick = f" (in 8-bit integers on a CPU: {decoder['onCpu']['file']})" if "onCpu" in decoder else ""
    base = {"none": "the picture itself", "bilinear": "added to the bilinear enlargement",
            "bicubic": "added to the bicubic enlargement"}[implicit["base"]]
    return f"""| part | graphs | multiply-adds |
|---|---|---|
| at the photo's size, kept while one zooms | {', '.join(graphs)} | {macs['source']:,} a source pixel |
| at the output pixels | {decoder['file']}{quick} | {macs['output']:,} an output pixel |

The source part sees {field['before']} pixels before and {field['after']} after a pixel; the decoder's result is
{base}. Trained on scales from 1 to {implicit['trainedTo']:g}."""


def run_lines(manifest: dict) -> str:
    """How long each run was."""
    runs = manifest["training"]["runs"]
    return "\n".join(f"- {task}: {r['steps']:,} steps in {r['minutes']:.1f} minutes ({r['device']})"
                     for task, r in sorted(runs.items()))


def write_card(config: Config, manifest: dict, path: Path) -> None:
    """Write card.md."""
    paper, training = manifest["paper"], manifest["training"]
    digits = 2 if config.measure == "psnr" else 4
    validation = ", ".join(f"{scale} {value:.{digits}f}" for scale, value in sorted(manifest["validation"].items()))
    unit = "dB PSNR-Y" if config.measure == "psnr" else "LPIPS (lower is better)"
    text = f"""# {manifest['name']}

{paper['authors']}: {paper['title']}, {paper['year']}.

{config.card['text'].strip()}
{example_lines(path)}
- Weights: {manifest['weights']:,} in the largest file; {'Y of YCbCr, colours enlarged bicubically' if
      manifest['channels'] == 'y' else 'RGB'}.
- Good at: {manifest['goodAt']}
- Gets wrong: {manifest['badAt']}

{graph_table(manifest["implicit"]) if "implicit" in manifest else file_table(manifest)}

The receptive field is measured by gradient on the network itself{" with its attention held still" if config.global_view
      else ""}. Ripple: the largest difference between output
pixels where the picture is flat, in 8-bit steps (the checkerboard).{tiling_lines(manifest)}{blend_lines(manifest)}{standing_lines(manifest)}{flatness_lines(manifest)}

## Figures

{figure_table(manifest)}

Made with `python -m training.evaluate --dataset Set5 --scale 2 --method {manifest['id']}` (and the other sets and
scales): bicubic LR pictures rounded to 8 bits, the whole picture at once, PSNR and SSIM of Y of the 8-bit result, a
border of `scale` pixels cut. Validation ({unit}, {config.crops} photographs that are never trained on): {validation}.

## Training

{training['steps']:,} steps in {training['minutes']} minutes; {training['device']}; loss: {training['loss']}.
Photographs: 369 less the twelve kept for validation, which `training/data/validation.txt` names.
{run_lines(manifest)}

Again: `python -m training.train --config {manifest['id']} --minutes N`, then
`python -m training.export --config {manifest['id']}`.

## Licence

Weights: {manifest['licence']['weights']}. Data: {manifest['licence']['data']}.
"""
    path.write_text(text)
