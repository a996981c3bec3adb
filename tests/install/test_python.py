# The Python module over the shared library. usage: QUOTESTANCE_LIBRARY=FILE PYTHONPATH=scripts/python python3 test_python.py SOURCE QUOTESTANCE
# SPDX-License-Identifier: MIT
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import quotestance

SOURCE, PROGRAM = sys.argv[1:3]
ARTICLE = os.path.join(SOURCE, "corpora/articles/harbour-talks.txt")
CORPUS = os.path.join(SOURCE, "corpora/negotiations/quotes.jsonl")
STANCE = "stance:negotiations"


def rows(count):
    with open(CORPUS, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return records[:: len(records) // count][:count]


def program(*arguments, text=None):
    done = subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Scoring(unittest.TestCase):
    def test_as_the_program(self):
        texts = [row["text"].replace("\n", " ") for row in rows(200)] + ["Привет, мир"]
        scores = quotestance.Model().score(texts)
        expected = program("predict", "--lines", "--format", "jsonl", text="\n".join(texts) + "\n")
        self.assertEqual(len(scores), len(expected))
        for found, record in zip(scores, expected):
            self.assertEqual(found["heads"].keys(), record["heads"].keys())
            for head, answer in record["heads"].items():
                self.assertEqual(found["heads"][head]["label"], answer["label"])
                self.assertAlmostEqual(found["heads"][head]["score"], answer["score"], 6)
                for label, probability in answer["probabilities"].items():
                    self.assertAlmostEqual(found["heads"][head]["probabilities"][label], probability, 11)
        self.assertEqual(scores.labels(STANCE), [r["heads"][STANCE]["label"] for r in expected])
        self.assertEqual([s["heads"][STANCE]["score"] for s in scores], list(scores.scores(STANCE)))
        self.assertEqual(scores[-1], scores[len(texts) - 1])
        self.assertEqual(scores[:2], [scores[0], scores[1]])
        with self.assertRaises(IndexError):
            scores[len(texts)]
        with self.assertRaises(ValueError):
            scores.labels()

    def test_edges(self):
        model = quotestance.Model()
        self.assertEqual(len(model.score([])), 0)
        self.assertEqual(len(model.score(text for text in ["", "\0", "a\0b", "\ud800"])), 4)
        with self.assertRaises(ValueError):
            model.score(["a"], contexts=[])
        with self.assertRaises(AttributeError):
            model.score([None])

    def test_explain(self):
        model, text = quotestance.Model(), "We are ready to talk, said Zoë."
        found = model.explain(text, reasons=10**6)["heads"][STANCE]
        (record,) = program("explain", "--lines", "--top", "1000000", "--format", "jsonl", "-", text=text + "\n")
        self.assertEqual(found, record["heads"][STANCE])
        why = found["explanation"]
        for label, margin in why["margins"].items():
            self.assertAlmostEqual(margin, why["base"][label] + sum(r["contributions"][label] for r in why["reasons"]), 9)
        self.assertEqual(len(model.explain(text, reasons=3)["heads"][STANCE]["explanation"]["reasons"]), 3)

    def test_threads(self):
        model, texts = quotestance.Model(), [row["text"] for row in rows(300)]
        expected, found = model.score(texts, jobs=1).labels(STANCE), {}
        threads = [
            threading.Thread(target=lambda i=i: found.update({i: model.score(texts, jobs=2).labels(STANCE)}))
            for i in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([found[i] for i in range(4)], [expected] * 4)


class Quotes(unittest.TestCase):
    def test_as_the_program(self):
        with open(ARTICLE, encoding="utf-8") as file:
            text = file.read()
        name = os.path.basename(ARTICLE)
        model = quotestance.Model()
        self.assertEqual(model.extract(text, name=name), program("predict", "--format", "jsonl", ARTICLE))
        self.assertEqual(quotestance.extract(text, name=name), program("extract", "--format", "jsonl", ARTICLE))
        for quote in quotestance.extract(text):
            self.assertEqual(text[quote["char_start"] : quote["char_end"]], quote["text"])
        fewer = quotestance.extract(text, indirect=False)
        self.assertTrue(0 < len(fewer) < len(quotestance.extract(text)))
        self.assertEqual(quotestance.extract(""), [])

    def test_page(self):
        page = "<html><body><p>\u201cWe will talk,\u201d Ada Holm said.</p></body></html>"
        (quote,) = quotestance.extract(page, html=True)
        self.assertEqual(quote["speaker"]["text"], "Ada Holm")
        (quote,) = quotestance.extract("“We will talk,” Ada Holm said.", title="Talks")
        self.assertEqual(quote["field"], "text")
        with self.assertRaises(quotestance.Error):
            quotestance.extract("x", language="xx")


class Readme(unittest.TestCase):
    def test_snippet(self):
        with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
            snippet = file.read().split("```python\n")[1].split("```")[0]
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ARTICLE, os.path.join(folder, "article.txt"))
            with open(os.path.join(folder, "my.tsv"), "w", encoding="utf-8") as file:
                file.write("text\tlabel\n")
                file.writelines(f"{' '.join(row['text'].split())}\t{row['label']}\n" for row in rows(90))
            done = subprocess.run([sys.executable, "-c", snippet], cwd=folder, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("favor", done.stdout)


class Models(unittest.TestCase):
    def test_train_save_open(self):
        with tempfile.TemporaryDirectory() as folder:
            corpus, path = os.path.join(folder, "c.tsv"), os.path.join(folder, "m.qsm")
            with open(corpus, "w", encoding="utf-8") as file:
                file.write("text\tstance\n")
                for i in range(30):
                    file.write(f"{'talks now' if i % 2 else 'fight on'} {i}\t{'favor' if i % 2 else 'against'}\n")
            model = quotestance.train(corpus, label_column="stance", char_ngrams="none", c=2, min_df=1)
            self.assertEqual(model.heads, {STANCE: ["against", "favor"]})
            self.assertEqual(model.score(["talks now", "fight on"]).labels(), ["favor", "against"])
            model.save(path)
            copies = [quotestance.Model(path), quotestance.Model(data=model.to_bytes()), pickle.loads(pickle.dumps(model))]
            for copy in copies:
                self.assertEqual(copy.score(["talks"])[0], model.score(["talks"])[0])
            subprocess.run([PROGRAM, "train", "-q", "-o", path + "2", "--label-column", "stance", "--char-ngrams", "none",
                            "-C", "2", "--min-df", "1", corpus], check=True)  # fmt: skip
            with open(path + "2", "rb") as file:
                self.assertEqual(file.read(), model.to_bytes())
            with open(path, "rb") as file:
                damaged = file.read()[:-1]
            with self.assertRaises(quotestance.Error) as caught:
                quotestance.Model(data=damaged)
            self.assertEqual(caught.exception.status, "model")
            with self.assertRaises(quotestance.Error) as caught:
                quotestance.Model(os.path.join(folder, "absent"))
            self.assertIn("absent", str(caught.exception))
            with self.assertRaises(quotestance.Error):
                quotestance.train(corpus, depth=3)


def sklearn():
    try:
        import sklearn.model_selection

        return sklearn
    except ImportError:
        return None


@unittest.skipUnless(sklearn(), "scikit-learn is not installed")
class Estimator(unittest.TestCase):
    def test_fit_predict(self):
        import numpy
        from sklearn.base import clone
        from sklearn.model_selection import GridSearchCV, cross_val_score
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import FunctionTransformer

        data = rows(400)
        texts, labels = [r["text"] for r in data], numpy.array([r["label"] for r in data])
        estimator = quotestance.StanceClassifier(char_ngrams="none", word_ngrams="1-2", calibration_folds=0)
        self.assertEqual(clone(estimator).get_params(), estimator.get_params())
        fitted = clone(estimator).fit(texts[::2], labels[::2])
        self.assertEqual(list(fitted.classes_), sorted(set(labels)))
        found, chances = fitted.predict(texts[1::2]), fitted.predict_proba(texts[1::2])
        self.assertTrue(numpy.allclose(chances.sum(axis=1), 1))
        self.assertTrue((fitted.classes_[chances.argmax(axis=1)] == found).all())
        most = max((labels == label).mean() for label in fitted.classes_)  # what a constant answer would get
        self.assertGreater((found == labels[1::2]).mean(), most)
        self.assertEqual(fitted.score(texts[1::2], labels[1::2]), (found == labels[1::2]).mean())
        self.assertTrue((pickle.loads(pickle.dumps(fitted)).predict_proba(texts[1::2]) == chances).all())
        free, parts, whole = (
            quotestance.StanceClassifier(word_parts=given, learner="joint", calibration_folds=0).fit(texts, labels)
            for given in (None, True, False)
        )  # parts of words come with the joint learner unless refused
        chances = [fitted.predict_proba(texts) for fitted in (free, parts, whole)]
        self.assertTrue((chances[0] == chances[1]).all() and (chances[1] != chances[2]).any())
        numbers = clone(estimator).fit(texts, numpy.unique(labels, return_inverse=True)[1] * 10)
        self.assertTrue(set(numbers.predict(texts)) <= {0, 10, 20})
        search = GridSearchCV(estimator, {"c": [0.1, 1], "word_ngrams": ["1", "1-2"]}, cv=2).fit(texts, labels)
        self.assertIn(search.best_params_["c"], [0.1, 1])
        pipeline = make_pipeline(FunctionTransformer(lambda column: [text.lower() for text in column]), clone(estimator))
        self.assertGreater(cross_val_score(pipeline, texts, labels, cv=2).mean(), most)
        with self.assertRaises(ValueError):
            clone(estimator).fit(["a", "b"], ["x", "x"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
