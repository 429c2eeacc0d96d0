"""A process of its own that listens to recordings with one model: what goes wrong in it costs nobody anything.

It reads one line of JSON, {"model", "sample_rate_hz", "words" (null: the model's own graph), "files", "memory_bytes", "cpu_s"},
answers {"ready": true} when the model is there, then one line for each file: {"words": [[word, confidence], …]}, or {"words": null}
for a file that holds no sound.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

NICENESS = 15
_CHUNK_BYTES = 16_000
_READ_S = 60


def main() -> None:
    """Answer the request on standard input."""
    asked = json.loads(sys.stdin.readline())
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold what people said
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory_bytes"], asked["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (asked["cpu_s"], asked["cpu_s"]))
    import vosk  # within the bounds that were just set

    vosk.SetLogLevel(-1)
    model, rate = vosk.Model(asked["model"]), int(asked["sample_rate_hz"])
    grammar = asked["words"] and json.dumps([word for word in asked["words"] if model.vosk_model_find_word(word) >= 0])
    _answer({"ready": True})
    for file in asked["files"]:
        sound = _samples(Path(file), rate)
        words = None if sound is None else _listen(vosk, model, rate, grammar, sound)
        _answer({"words": words})


def _answer(body: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(body) + "\n")
    sys.stdout.flush()


def _samples(file: Path, rate: int) -> bytes | None:
    """16-bit mono samples at the model's rate; None when sox finds no sound in the file."""
    if not file.is_file():
        return None
    raw = ["-t", "raw", "-r", str(rate), "-b", "16", "-c", "1", "-e", "signed-integer", "-"]
    done = subprocess.run(["sox", "-V0", str(file), *raw], capture_output=True, timeout=_READ_S)
    return done.stdout if done.returncode == 0 and done.stdout else None


def _listen(vosk: Any, model: Any, rate: int, grammar: str | None, sound: bytes) -> list[tuple[str, float]]:
    engine = vosk.KaldiRecognizer(model, rate, grammar) if grammar else vosk.KaldiRecognizer(model, rate)
    engine.SetWords(True)
    results = [engine.Result() for at in range(0, len(sound), _CHUNK_BYTES) if engine.AcceptWaveform(sound[at : at + _CHUNK_BYTES])]
    results.append(engine.FinalResult())
    return [(word["word"], float(word.get("conf", 0.0))) for text in results for word in json.loads(text).get("result", ())]


if __name__ == "__main__":
    main()
