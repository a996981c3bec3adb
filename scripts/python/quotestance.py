"""Quotes, speakers and stance from news articles: the quotestance library from Python.

    import quotestance
    model = quotestance.Model()                      # the bundled model; Model("my.qsm") for your own
    scores = model.score(["We are ready to talk."])  # a sequence, one record for each text
    scores[0]["heads"]["stance:negotiations"]["label"]
    scores.labels("sentiment"), scores.probabilities("sentiment")
    for quote in model.extract(open("article.txt").read()):
        print(quote["speaker"], quote["text"], quote["heads"])

    model = quotestance.train(["corpus.tsv"], word_ngrams="1-2", tune=True)
    model.save("my.qsm")

    from quotestance import StanceClassifier         # an estimator for scikit-learn
    StanceClassifier(c=0.5).fit(texts, labels).predict(texts)

Needs only the shared library. A Model may be used by any number of threads; the interpreter is free for others while
the library works. Training starts child processes: do it before other threads run.
SPDX-License-Identifier: MIT
"""

import array
import ctypes
import itertools
import json
import math
import os
import tempfile
from collections.abc import Sequence

__all__ = ["Error", "Model", "Scores", "StanceClassifier", "extract", "train", "version"]


class _Str(ctypes.Structure):
    _fields_ = [("ptr", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    def text(self):
        return ctypes.string_at(self.ptr, self.len).decode("utf-8", "replace") if self.len else ""


class _Text(ctypes.Structure):
    _fields_ = [("text", _Str), ("context", _Str), ("target", _Str)]


class _Error(ctypes.Structure):
    _fields_ = [
        ("status", ctypes.c_int),
        ("line", ctypes.c_uint64),
        ("offset", ctypes.c_uint64),
        ("path", ctypes.c_char * 256),
        ("message", ctypes.c_char * 256),
    ]


class _ExtractOptions(ctypes.Structure):
    _fields_ = [
        ("no_indirect", ctypes.c_bool),
        ("all_marks", ctypes.c_bool),
        ("max_quote_chars", ctypes.c_size_t),
        ("language", ctypes.c_char_p),
    ]


class Error(Exception):
    """What the library reports: `status` ("model", "input", ...), `message`, `path`, `line` (0: unknown)."""

    def __init__(self, status, message, path="", line=0):
        self.status, self.message, self.path, self.line = status, message, path, line
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(f"{place}{message}")


_WORDS_OF_A_TEXT = 6  # struct qs_text: pointer and length of text, context and target


def _load():
    names = [os.environ.get("QUOTESTANCE_LIBRARY"), "libquotestance.so.0.1", "libquotestance.so"]
    problem = None
    for name in filter(None, names):
        try:
            library = ctypes.CDLL(name)
            break
        except OSError as error:
            problem = problem or error
    else:
        raise ImportError(f"the quotestance library cannot be loaded: {problem}")
    p, s, st = ctypes.c_void_p, ctypes.c_size_t, _Str
    err, ref = ctypes.POINTER(_Error), ctypes.POINTER
    status = ctypes.c_int
    for name, result, arguments in [
        ("qs_version", ctypes.c_char_p, []),
        ("qs_status_words", ctypes.c_char_p, [status]),
        ("qs_classifier_open", status, [ref(p), ctypes.c_char_p, err]),
        ("qs_classifier_open_bytes", status, [ref(p), st, err]),
        ("qs_classifier_open_bundled", status, [ref(p), err]),
        ("qs_classifier_close", None, [p]),
        ("qs_classifier_save", status, [p, ctypes.c_char_p, err]),
        ("qs_classifier_head_count", s, [p]),
        ("qs_classifier_head_name", st, [p, s]),
        ("qs_classifier_head_labels", ref(st), [p, s, ref(s)]),
        ("qs_classifier_label_total", s, [p]),
        ("qs_classifier_is_per_target", ctypes.c_bool, [p]),
        ("qs_score_many", status, [p, p, s, s, p, p, err]),
        ("qs_scorer_create", status, [ref(p), p, err]),
        ("qs_scorer_destroy", None, [p]),
        ("qs_article_parse_plain", status, [ref(p), st, ctypes.c_char_p, err]),
        ("qs_article_parse_html", status, [ref(p), st, ctypes.c_char_p, err]),
        ("qs_article_parse_fields", status, [ref(p), st, st, ctypes.c_char_p, err]),
        ("qs_article_destroy", None, [p]),
        ("qs_quotes_extract", status, [ref(p), p, ref(_ExtractOptions), err]),
        ("qs_quotes_destroy", None, [p]),
        ("qs_quotes_json", status, [ref(p), ref(s), p, p, err]),
        ("qs_scorer_enable_explanations", status, [p, err]),
        ("qs_score_json", status, [ref(p), ref(s), p, ref(_Text), s, err]),
        ("qs_json_free", None, [p]),
        ("qs_train_with", status, [ref(p), p, s, p, s, p, s, p, err]),
    ]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


_library = _load()


def _check(status, error):
    if status:
        words = _library.qs_status_words(status).decode()
        raise Error(
            words, error.message.decode("utf-8", "replace"), error.path.decode("utf-8", "replace"), error.line
        )


def _call(function, *arguments):
    error = _Error()
    _check(function(*arguments, ctypes.byref(error)), error)


def _make(function, *arguments):
    """Calls a function whose first parameter is the object it makes."""
    made = ctypes.c_void_p()
    _call(function, ctypes.byref(made), *arguments)
    return made


def _view(data):
    return _Str(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))


def _strings(texts):
    return (ctypes.c_char_p * len(texts))(*[t.encode() for t in texts])


def version():
    """The version of the library, such as "0.1.0"."""
    return _library.qs_version().decode()


class Scores(Sequence):
    """The answers for a list of texts: scores[i] is the record of text i, made when asked for."""

    def __init__(self, heads, probabilities, scores, count):
        self._heads, self._probabilities, self._scores, self._count = heads, probabilities, scores, count
        self._width = sum(len(labels) for labels in heads.values())

    def __len__(self):
        return self._count

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError("no such text")
        answers, at = {}, index * self._width
        for number, (head, labels) in enumerate(self._heads.items()):
            row = self._probabilities[at : at + len(labels)]
            at += len(labels)
            if math.isnan(row[0]):  # a head that this text does not ask
                continue
            answer = {"label": labels[max(range(len(row)), key=row.__getitem__)]}
            score = self._scores[index * len(self._heads) + number]
            if not math.isnan(score):
                answer["score"] = score
            answer["probabilities"] = dict(zip(labels, row))
            answers[head] = answer
        return {"heads": answers}

    def _column(self, head):
        if head is None:
            if len(self._heads) != 1:
                raise ValueError(f"name one of the heads: {', '.join(self._heads)}")
            (head,) = self._heads
        names = list(self._heads)
        return names.index(head), sum(len(self._heads[n]) for n in names[: names.index(head)])

    def probabilities(self, head=None):
        """The probabilities of a head: one list for each of its labels, as long as the texts; NaN where it was not asked."""
        number, at = self._column(head)
        labels = list(self._heads.values())[number]
        return {label: self._probabilities[at + k :: self._width] for k, label in enumerate(labels)}

    def labels(self, head=None):
        """The most probable label of each text by one head (may be left out if there is only one); None if it was not asked."""
        columns = self.probabilities(head)
        names = list(columns)
        return [
            None if math.isnan(row[0]) else names[row.index(max(row))] for row in zip(*columns.values())
        ]

    def scores(self, head=None):
        """P(favor) - P(against), or P(positive) - P(negative), of each text."""
        return self._scores[self._column(head)[0] :: len(self._heads)]


class Model:
    """A model: the bundled one, a file, or the bytes of one."""

    def __init__(self, path=None, *, data=None, _handle=None):
        self._handle = _handle
        if _handle is not None:
            pass
        elif data is not None:
            self._handle = _make(_library.qs_classifier_open_bytes, _view(bytes(data)))
        elif path is not None:
            self._handle = _make(_library.qs_classifier_open, os.fsencode(path))
        else:
            self._handle = _make(_library.qs_classifier_open_bundled)
        self.heads = {}
        for head in range(_library.qs_classifier_head_count(self._handle)):
            count = ctypes.c_size_t()
            labels = _library.qs_classifier_head_labels(self._handle, head, ctypes.byref(count))
            name = _library.qs_classifier_head_name(self._handle, head).text()
            self.heads[name] = [labels[i].text() for i in range(count.value)]

    def __del__(self, _close=_library.qs_classifier_close):
        if getattr(self, "_handle", None) is not None:
            _close(self._handle)
            self._handle = None

    def __reduce__(self):
        return (_model_of_bytes, (self.to_bytes(),))

    def save(self, path):
        """Writes the model file, complete or not at all."""
        _call(_library.qs_classifier_save, self._handle, os.fsencode(path))

    def to_bytes(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.qsm")
            self.save(path)
            with open(path, "rb") as file:
                return file.read()

    def score(self, texts, contexts=None, targets=None, jobs=None):
        """Scores a list of texts; contexts and targets are lists as long as it. jobs: threads (default: all processors)."""
        texts = texts if isinstance(texts, (list, tuple)) else list(texts)
        count = len(texts)
        words = array.array("Q", bytes(8 * _WORDS_OF_A_TEXT * count))
        kept = []
        for place, column in enumerate([texts, contexts, targets]):
            if column is not None and len(column) != count:
                raise ValueError("texts, contexts and targets differ in length")
            if column:
                kept.append(_fill(words, place * 2, column))
        heads = len(self.heads)
        probabilities = array.array("d", bytes(8 * count * sum(map(len, self.heads.values()))))
        scores = array.array("d", bytes(8 * count * heads))
        if count:
            _call(
                _library.qs_score_many,
                self._handle,
                words.buffer_info()[0],
                count,
                jobs or 0,
                probabilities.buffer_info()[0],
                scores.buffer_info()[0],
            )
        return Scores(self.heads, probabilities, scores, count)

    def explain(self, text, context="", target="", reasons=10):
        """The record of one text with an `explanation` for each head: margins, base, and the n-grams that moved the answer most."""
        data = [part.encode("utf-8", "surrogatepass") for part in (text, context, target)]
        out, length = ctypes.c_void_p(), ctypes.c_size_t()
        scorer = _make(_library.qs_scorer_create, self._handle)
        try:
            _call(_library.qs_scorer_enable_explanations, scorer)
            asked = _Text(*map(_view, data))
            _call(_library.qs_score_json, ctypes.byref(out), ctypes.byref(length), scorer, ctypes.byref(asked), reasons)
            return json.loads(ctypes.string_at(out, length.value))
        finally:
            _library.qs_json_free(out)
            _library.qs_scorer_destroy(scorer)

    def extract(self, text, **options):
        """As the function extract, each quote with its `heads`."""
        return extract(text, model=self, **options)


def _model_of_bytes(data):
    return Model(data=data)


def _fill(words, place, column):
    """Puts pointers and lengths of a column of texts into the array of qs_text; returns what must live as long."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in column]
    lengths = array.array("Q", map(len, encoded))
    data = b"".join(encoded)
    start = ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value
    words[place::_WORDS_OF_A_TEXT] = array.array("Q", itertools.accumulate(lengths[:-1], initial=start))
    words[place + 1 :: _WORDS_OF_A_TEXT] = lengths
    return data


def extract(text, *, title=None, name=None, html=False, indirect=True, all_marks=False, language=None, model=None):
    """The quotes of an article as dictionaries, in the order of the text; with a model each has `heads`. `text` is plain text
    or, with html=True, a page (str, or bytes in any encoding). Offsets are bytes and characters of the text given."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    options = _ExtractOptions(not indirect, all_marks, 0, language.encode() if language else None)
    label = name.encode() if name else None
    article = quotes = scorer = None
    out, length = ctypes.c_void_p(), ctypes.c_size_t()
    try:
        if html:
            article = _make(_library.qs_article_parse_html, _view(data), label)
        elif title is not None:
            article = _make(_library.qs_article_parse_fields, _view(title.encode()), _view(data), label)
        else:
            article = _make(_library.qs_article_parse_plain, _view(data), label)
        quotes = _make(_library.qs_quotes_extract, article, ctypes.byref(options))
        if model is not None:
            scorer = _make(_library.qs_scorer_create, model._handle)
        _call(_library.qs_quotes_json, ctypes.byref(out), ctypes.byref(length), quotes, scorer)
        return [json.loads(line) for line in ctypes.string_at(out, length.value).split(b"\n") if line]
    finally:
        _library.qs_json_free(out)
        _library.qs_scorer_destroy(scorer)
        _library.qs_quotes_destroy(quotes)
        _library.qs_article_destroy(article)


def _setting(name, value):
    return f"{name}={str(value).lower() if isinstance(value, bool) else value}"


def train(paths, heads=(), **options):
    """Trains on labelled corpora (TSV, CSV, JSON Lines, fastText) and returns the Model. Options have the names of
    qs_train_options_set: word_ngrams="1-3", char_ngrams="2-5", c=1, tune=True, per_target=True, label_column="stance", ..."""
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    files = (ctypes.c_char_p * len(paths))(*[os.fsencode(path) for path in paths])
    settings = [_setting(name, value) for name, value in options.items() if value is not None]
    handle = _make(
        _library.qs_train_with, files, len(paths), _strings(heads) if heads else None, len(heads), _strings(settings),
        len(settings), None,
    )  # fmt: skip
    return Model(_handle=handle)


try:
    from sklearn.base import BaseEstimator, ClassifierMixin
except ImportError:  # scikit-learn is not needed for anything else

    class ClassifierMixin:
        pass

    class BaseEstimator:
        def get_params(self, deep=True):
            names = self.__init__.__code__.co_varnames[1 : self.__init__.__code__.co_argcount]
            return {name: getattr(self, name) for name in names}

        def set_params(self, **params):
            for name, value in params.items():
                setattr(self, name, value)
            return self


class StanceClassifier(ClassifierMixin, BaseEstimator):
    """A text classifier for scikit-learn: fit(texts, labels), predict, predict_proba; clone, grid search and pickle work. The
    parameters are those of `quotestance train`; word_parts=None leaves it to the learner."""

    def __init__(self, word_ngrams="1-3", char_ngrams="2-5", c=1.0, class_weight="balanced", presence=False, min_df=2,
                 negation=False, chars_in_words=False, word_parts=None, learner="auto", calibration_folds=5, seed=1, jobs=1):  # fmt: skip
        self.word_ngrams = word_ngrams
        self.char_ngrams = char_ngrams
        self.c = c
        self.class_weight = class_weight
        self.presence = presence
        self.min_df = min_df
        self.negation = negation
        self.chars_in_words = chars_in_words
        self.word_parts = word_parts
        self.learner = learner
        self.calibration_folds = calibration_folds
        self.seed = seed
        self.jobs = jobs

    def fit(self, X, y):
        import numpy

        X, y = list(X), numpy.asarray(y)
        if len(X) != len(y):
            raise ValueError(f"{len(X)} texts and {len(y)} labels")
        self.classes_, index = numpy.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("needs texts of at least two classes")
        names = [str(label) for label in self.classes_]
        if self.classes_.dtype.kind != "U" or any(name != name.strip() or not name for name in names):
            names = [f"{i:09d}" for i in range(len(names))]
        options = {name: value for name, value in self.get_params(deep=False).items()}
        options["keep_word_parts"] = self.word_parts is not None
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            for text, label in zip(X, index):
                file.write(json.dumps({"text": text, "label": names[label]}) + "\n")
            file.flush()
            self.model_ = train(file.name, ngram_texts=False, **options)
        (labels,) = self.model_.heads.values()
        self._order = [labels.index(name) for name in names]
        return self

    def predict_proba(self, X):
        import numpy

        scores = self.model_.score(list(X), jobs=self.jobs)
        width = len(self._order)
        return numpy.frombuffer(scores._probabilities, dtype=float).reshape(-1, width)[:, self._order]

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
