"""Every metric of `quotestance evaluate` against scikit-learn's, on 200 random files of labels.

usage: metrics_peer.py QUOTESTANCE [FILES]. Exit 77: no scikit-learn. SPDX-License-Identifier: MIT
What scikit-learn does not have (F_avg as eval.pl of SemEval-2016 task 6 computes it, nominal alpha, calibration error,
risk over coverage) is computed here a second time, from the definition.
"""
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy as np
    import sklearn
    from sklearn import metrics as peer
except ImportError:
    print("skipped: no scikit-learn")
    sys.exit(77)

TOLERANCE = 1e-12
NAMES = ["favor", "against", "none", "mixed", "unsure, \"maybe\"", "\u0437\u0430"]
compared = 0


def eval_pl(gold, guess):
    """Precision, recall and F of FAVOR and AGAINST, 0 wherever a quotient has no value; their mean."""
    total = 0.0
    for label in ("favor", "against"):
        right = sum(1 for g, p in zip(gold, guess) if g == label and p == label)
        guessed = sum(1 for p in guess if p == label)
        present = sum(1 for g in gold if g == label)
        precision = right / guessed if guessed else 0.0
        recall = right / present if present else 0.0
        total += 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return total / 2


def alpha(gold, guess):
    """Krippendorff's nominal alpha from the coincidences of all pairable units."""
    pairs = [(g, p) for g, p in zip(gold, guess) if p is not None]
    values = sorted({v for pair in pairs for v in pair})
    coincidence = {(a, b): 0 for a in values for b in values}
    for g, p in pairs:
        coincidence[g, p] += 1
        coincidence[p, g] += 1
    n = 2 * len(pairs)
    margin = {a: sum(coincidence[a, b] for b in values) for a in values}
    observed = sum(coincidence[a, b] for a in values for b in values if a != b)
    expected = sum(margin[a] * margin[b] for a in values for b in values if a != b)
    return 1 - (n - 1) * observed / expected if expected else math.nan


def calibration_error(confidence, right):
    """Ten bins of equal width, the last one closed."""
    bins = np.minimum((confidence * 10).astype(int), 9)
    return sum(abs(right[bins == b].sum() - confidence[bins == b].sum()) for b in range(10)) / len(confidence)


def risk_area(confidence, right):
    """Mean over i of the errors expected among the i surest, rows of equal confidence in random order."""
    total = seen = wrong = 0.0
    for value in sorted(set(confidence.tolist()), reverse=True):
        block = right[confidence == value]
        errors = len(block) - block.sum()
        for i in range(1, len(block) + 1):
            total += (wrong + errors * i / len(block)) / (seen + i)
        seen += len(block)
        wrong += errors
    return total / len(confidence)


def same(name, ours, theirs):
    """`theirs` NaN means that ours must be null."""
    global compared
    compared += 1
    if ours is None or math.isnan(theirs):
        assert ours is None and math.isnan(theirs), f"{name}: {ours} is not {theirs}"
    else:
        assert abs(ours - theirs) <= TOLERANCE, f"{name}: {ours!r} is not {theirs!r}"


def check_labels(ours, gold, guess):
    labels = sorted(set(gold) | {p for p in guess if p is not None}, key=lambda s: s.encode())
    abstained = "\uffff(no answer)"
    filled = [abstained if p is None else p for p in guess]
    assert sorted(ours["labels"], key=lambda s: s.encode()) == labels
    assert ours["confusion"]["labels"] == labels
    both = labels + ([abstained] if abstained in filled else [])
    matrix = peer.confusion_matrix(gold, filled, labels=both)
    size = len(labels)
    assert ours["confusion"]["gold_by_predicted"] == matrix[:size, :size].tolist()
    assert ours["confusion"]["abstained"] == (matrix[:size, size].tolist() if size < len(both) else [0] * size)
    same("accuracy", ours["accuracy"], peer.accuracy_score(gold, filled))
    same("balanced_accuracy", ours["balanced_accuracy"], peer.balanced_accuracy_score(gold, filled))
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = peer.precision_recall_fscore_support(gold, filled, labels=labels, average=average, zero_division=0)
        same(average + "_recall", ours[average + "_recall"], r)
        same(average + "_f1", ours[average + "_f1"], f)
        unanswered = average == "micro" and all(p is None for p in guess)
        same(average + "_precision", ours[average + "_precision"], math.nan if unanswered else p)
    same("cohen_kappa", ours["cohen_kappa"], peer.cohen_kappa_score(gold, filled) if len(set(gold) | set(filled)) > 1 else math.nan)
    constant = len(set(gold)) < 2 or len(set(filled)) < 2  # scikit-learn says 0 where the quotient is 0/0
    same("matthews", ours["matthews"], math.nan if constant else peer.matthews_corrcoef(gold, filled))
    same("f_avg", ours["f_avg"], eval_pl(gold, guess) if {"favor", "against"} & set(labels) else math.nan)
    same("krippendorff_alpha", ours["krippendorff_alpha"], alpha(gold, guess))
    same("coverage", ours["coverage"], sum(p is not None for p in guess) / len(guess))
    p, r, f, support = peer.precision_recall_fscore_support(gold, filled, labels=labels, zero_division=0)
    counts = peer.multilabel_confusion_matrix(gold, filled, labels=labels)
    for i, label in enumerate(labels):
        one = ours["labels"][label]
        same("precision", one["precision"], p[i] if label in guess else math.nan)
        same("recall", one["recall"], r[i] if support[i] else math.nan)
        same("f1", one["f1"], f[i])
        assert one["support"] == support[i] and one["predicted"] == filled.count(label)
        assert [[one["tn"], one["fp"]], [one["fn"], one["tp"]]] == counts[i].tolist()


def check_probabilities(ours, gold, table, names):
    truth = np.array([[g == n for n in names] for g in gold], float)
    same("brier", ours["brier"], ((table - truth) ** 2).sum(axis=1).mean())
    same("log_loss", ours["log_loss"], peer.log_loss(gold, table, labels=names))
    confidence = table.max(axis=1)
    right = np.array([names[k] == g for k, g in zip(table.argmax(axis=1), gold)], float)
    same("calibration_error", ours["calibration_error"], calibration_error(confidence, right))
    same("risk_coverage_area", ours["risk_coverage_area"], risk_area(confidence, right))
    areas, precisions = [], []
    for label, one in ours["labels"].items():
        hit = np.array([g == label for g in gold])
        score = table[:, names.index(label)]
        same("label brier", one["brier"], ((score - hit) ** 2).mean())
        same("label brier", one["brier"], peer.brier_score_loss(hit, score, pos_label=True) if len(set(hit)) > 1 else ((score - hit) ** 2).mean())
        area = peer.roc_auc_score(hit, score) if len(set(hit)) > 1 else math.nan
        precision = peer.average_precision_score(hit, score) if hit.any() else math.nan
        same("label roc_auc", one["roc_auc"], area)
        same("label average_precision", one["average_precision"], precision)
        areas.append(area)
        precisions.append(precision)
    same("roc_auc", ours["roc_auc"], np.nanmean(areas) if not np.isnan(areas).all() else math.nan)
    same("average_precision", ours["average_precision"], np.nanmean(precisions) if not np.isnan(precisions).all() else math.nan)


def evaluate(program, path):
    run = subprocess.run([program, "evaluate", "--predictions", path, "--bootstrap", "0", "--format", "json"],
                         capture_output=True, text=True, check=True, encoding="utf-8")
    return json.loads(run.stdout)["overall"]


def make(rng):
    """A random file: rows, the labels that gold and guess may take, and whether there are probabilities."""
    rows = rng.choice([1, 2, 3, 10, 50, 200])
    names = rng.sample(NAMES, rng.randint(1, len(NAMES)))
    gold_names = rng.sample(names, rng.randint(1, len(names)))
    kind = rng.choice(["labels", "abstain", "probabilities", "probabilities"])
    gold = [rng.choice(gold_names) for _ in range(rows)]
    if kind == "probabilities" and len(names) > 1:
        names = sorted(names)
        table = np.array([[rng.random() ** 3 + 1e-3 for _ in names] for _ in gold])
        for i, g in enumerate(gold):
            table[i, names.index(g)] += rng.random()
        table /= table.sum(axis=1, keepdims=True)
        if rng.random() < 0.5:  # ties; sums of 0.01 to 1.02 are what other tools write, too
            table = np.round(table, 1)
            table[table.sum(axis=1) == 0] = 1 / len(names)
        return gold, [names[k] for k in table.argmax(axis=1)], table, names
    guess_names = rng.sample(names, rng.randint(1, len(names)))
    guess = [g if rng.random() < 0.5 else rng.choice(guess_names) for g in gold]
    if kind == "abstain":
        share = rng.choice([0.2, 1])
        guess = [None if rng.random() < share else p for p in guess]
    return gold, guess, None, names


def main():
    program, files = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    rng = random.Random(6)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.jsonl")
        for number in range(files):
            gold, guess, table, names = make(rng)
            with open(path, "w", encoding="utf-8") as out:
                for i, g in enumerate(gold):
                    row = {"gold": g, "label": guess[i]}
                    if table is not None:
                        row["probabilities"] = dict(zip(names, table[i].tolist()))
                    out.write(json.dumps(row) + "\n")
            try:
                ours = evaluate(program, path)
                check_labels(ours, gold, guess)
                if table is not None:
                    check_probabilities(ours, gold, table, names)
            except AssertionError as wrong:
                sys.exit(f"FAILED: file {number} of {files}: {wrong}\n{list(zip(gold, guess))[:20]}")
        open(path, "w").close()
        empty = subprocess.run([program, "evaluate", "--predictions", path], capture_output=True, check=False)
        if empty.returncode != 4:
            sys.exit(f"FAILED: an empty file gave {empty.returncode}")
    print(f"{files} files, {compared} figures equal to scikit-learn {sklearn.__version__} within {TOLERANCE}")


main()
