"""Writes the network as Kaldi's final.mdl: transition model and nnet3 network, weights in 8 bits each.

Formats as Kaldi reads them: hmm/transition-model.cc, nnet3/nnet-nnet.cc, nnet3/am-nnet-simple.cc, matrix/compressed-matrix.cc.
"""

import math
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ivr.speech.training.features import FEATURES
from ivr.speech.training.network import CONTEXT, COUNT, OFFSETS, PHONE_NUMBERS
from ivr.speech.word_graph import MODEL_PHONES

Array = np.ndarray[Any, Any]
_HALF = math.log(0.5)


def write_final_mdl(file: Path, layers: Sequence[tuple[Array, Array]]) -> None:
    """Write the plain layers of a network (`network.affine_layers`)."""
    ending = _token("<LeftContext>") + _int(CONTEXT) + _token("<RightContext>") + _int(CONTEXT) + _token("<Priors>") + _vector([])
    file.write_bytes(b"\0B" + _transition_model() + _network(layers) + ending)


def read_final_mdl(file: Path) -> list[tuple[Array, Array]]:
    """The layers of a file that was written by `write_final_mdl`, as exact as its 8 bits are."""
    layers = []
    for part in file.read_bytes().split(_token("<LinearParams>") + _token("CM3"))[1:]:
        least, spread, rows, columns = struct.unpack_from("<ffii", part)
        begin = struct.calcsize("<ffii")
        steps = np.frombuffer(part, "u1", rows * columns, begin).reshape(rows, columns)
        vector = part[begin + rows * columns :].removeprefix(_token("<BiasParams>") + _token("FV"))
        layers.append((least + spread * steps / 255, np.frombuffer(vector, "<f4", rows, len(_int(0))).astype(np.float64)))
    return layers


def _transition_model() -> bytes:
    """One state for each phone: output `number` on entering, COUNT + `number` on staying; both chances are left to the network."""
    count = len(MODEL_PHONES)
    parts = [_token("<TransitionModel>"), _token("<Topology>"), _ints(range(1, count + 1)), _ints([-1] + [0] * count)]
    parts += [_int(-1), _int(1), _int(2)]  # one topology follows, written with separate outputs for entering and staying: 2 states
    parts += [_int(0), _int(1), _int(2), _int(0), _float(0.5), _int(1), _float(0.5)]
    parts += [_int(-1), _int(-1), _int(0), _token("</Topology>"), _token("<Tuples>"), _int(count)]
    for place, phone in enumerate(MODEL_PHONES, start=1):
        output = PHONE_NUMBERS[phone.split("_")[0]]
        parts += [_int(place), _int(0), _int(output), _int(COUNT + output)]
    parts += [_token("</Tuples>"), _token("<LogProbs>"), _vector([0.0] + [_HALF] * (2 * count)), _token("</LogProbs>")]
    return b"".join([*parts, _token("</TransitionModel>")])


def _network(layers: Sequence[tuple[Array, Array]]) -> bytes:
    config, components, before = [f"input-node name=input dim={FEATURES}"], [], "input"
    *hidden, (last_weight, last_bias) = layers
    for place, (offsets, (weight, bias)) in enumerate(zip(OFFSETS, hidden, strict=True)):
        affine, relu = f"l{place}.affine", f"l{place}.relu"
        seen = ", ".join(f"Offset({before}, {offset})" if offset else before for offset in offsets)
        config.append(f"component-node name={affine} component={affine} input=Append({seen})")
        config.append(f"component-node name={relu} component={relu} input={affine}")
        components += [_affine(affine, weight, bias), _relu(relu, len(bias))]
        before = relu
    config.append(f"component-node name=out.affine component=out.affine input={before}")
    config.append("output-node name=output input=out.affine objective=linear")
    components.append(_affine("out.affine", last_weight, last_bias))
    head = _token("<Nnet3>") + b"\n" + "\n".join(config).encode("ascii") + b"\n\n"
    return b"".join([head, _token("<NumComponents>"), _int(len(components)), *components, _token("</Nnet3>")])


def _affine(name: str, weight: Array, bias: Array) -> bytes:
    kind = "FixedAffineComponent"
    inside = _token("<LinearParams>") + _bytes_matrix(weight) + _token("<BiasParams>") + _vector(bias)
    return _token("<ComponentName>") + _token(name) + _token(f"<{kind}>") + inside + _token(f"</{kind}>")


def _relu(name: str, size: int) -> bytes:
    kind = "RectifiedLinearComponent"
    inside = [
        _token("<Dim>"),
        _int(size),
        _token("<ValueAvg>"),
        _vector([]),
        _token("<DerivAvg>"),
        _vector([]),
        _token("<Count>"),
        _float(0),
    ]
    inside += [_token("<OderivRms>"), _vector([]), _token("<OderivCount>"), _float(0)]
    inside += [_token("<NumDimsSelfRepaired>"), _float(0), _token("<NumDimsProcessed>"), _float(0)]
    return b"".join([_token("<ComponentName>"), _token(name), _token(f"<{kind}>"), *inside, _token(f"</{kind}>")])


def _bytes_matrix(matrix: Array) -> bytes:
    """Kaldi's one-byte compression: each number as the nearest of 256 steps between the least and the greatest."""
    least, greatest = float(matrix.min()), float(matrix.max())
    steps = np.rint((matrix - least) / (greatest - least) * 255).astype("u1")
    return _token("CM3") + struct.pack("<ffii", least, greatest - least, *matrix.shape) + np.ascontiguousarray(steps).tobytes()


def _vector(numbers: Iterable[float] | Array) -> bytes:
    values = np.asarray(list(numbers), "<f4")
    return _token("FV") + _int(len(values)) + values.tobytes()


def _ints(numbers: Iterable[int]) -> bytes:
    values = list(numbers)
    return b"\x04" + struct.pack(f"<i{len(values)}i", len(values), *values)


def _int(number: int) -> bytes:
    return b"\x04" + struct.pack("<i", number)


def _float(number: float) -> bytes:
    return b"\x04" + struct.pack("<f", number)


def _token(text: str) -> bytes:
    return text.encode("ascii") + b" "
