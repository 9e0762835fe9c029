#!/usr/bin/env python3
"""Reads the sources and fails where an arrow between rooms points the wrong way.

Checks every #include and every CMake link under the rooms against the tables below (DESIGN.md, "Rooms"), the purity
of the heart of the engine, and the sizes of lines and files. Prints FILE:LINE: RULE: what is wrong; exit 1 if any.

Exemptions are lines of the file with a reason:
  // dolen: long file, because REASON          the file may exceed its number of lines
  // dolen: hash order unseen, because REASON  the next line may name a hash map in a pure room (nothing iterates it)

Example: tests/gates/structure.py
         tests/gates/structure.py --root /path/to/another/tree
"""

import argparse
import os
import re
import sys

# ---- the rules ---------------------------------------------------------------------------------------------------

# Room -> what it may include; "may include" is transitive. A room may always include itself and proto.
ROOMS = {
    "engine/base": [],
    "engine/calendar": ["engine/base"],
    "engine/pathway": ["engine/calendar"],
    "engine/child": ["engine/pathway"],
    "engine/log": ["engine/base"],
    "engine/access": ["engine/base"],
    "engine/audit": ["engine/base", "engine/log"],
    "engine/admission": ["engine/base", "engine/log"],
    "engine/store": ["engine/child"],
    "engine/shard": ["engine/child", "engine/log", "engine/admission", "engine/store"],
    "projections": ["engine/shard"],
    "connectors/*": ["projections", "engine/shard", "engine/access"],  # each folder a room of its own; never another connector
    "deploy": ["connectors/*", "projections", "engine/shard", "engine/access", "engine/audit"],
    "tests": ["deploy", "benchmarks"],
    "benchmarks": ["deploy", "tests"],
    "proto": [],
}

# Foreign library: (its #includes, its CMake targets, the only places that may use it). tests and benchmarks may use all.
FOREIGN = {
    "rocksdb": (r"rocksdb/", r"RocksDB::", ["engine/log/", "engine/store/"]),
    "librdkafka": (r"librdkafka/", r"PkgConfig::rdkafka$|rdkafka", ["connectors/kafka/"]),
    "boost": (r"boost/(?!json)", r"Boost::(?!headers)", ["connectors/http/"]),
    "boost-json": (r"boost/json", r"Boost::headers", ["projections/", "connectors/http/"]),
    "spdlog": (r"spdlog/", r"spdlog::", ["engine/base/say.cc"]),
    "openssl": (r"openssl/", r"OpenSSL::", ["engine/base/digest.cc", "connectors/http/tls.cc"]),
    "xxhash": (r"xxhash\.h", r"PkgConfig::xxhash$", ["engine/base/digest.cc"]),
    "zlib": (r"zlib\.h", r"ZLIB::", ["connectors/files/", "connectors/http/gzip.cc"]),
    "pugixml": (r"pugixml\.hpp", r"pugixml(::|$)", ["connectors/files/"]),
    "nlohmann-json": (r"nlohmann/", r"nlohmann_json::", ["projections/", "connectors/tokens/", "connectors/http/", "connectors/alerting/",
                                                                  "deploy/"]),
    "libcurl": (r"curl/", r"CURL::", ["connectors/alerting/outbound.cc"]),
    "cjose": (r"cjose/", r"PkgConfig::cjose$", ["connectors/tokens/"]),
    "prometheus-cpp": (r"prometheus/", r"prometheus-cpp::", ["connectors/metrics/"]),
    "libsystemd": (r"systemd/", r"PkgConfig::systemd$", ["deploy/"]),
    "cli11": (r"CLI/", r"CLI11::", ["deploy/"]),
    "googletest": (r"(gtest|gmock)/", r"GTest::", []),
    "benchmark": (r"benchmark/", r"benchmark::", []),
    "abseil": (r"absl/", r"absl::", [""]),
    "protobuf": (r"google/protobuf/", r"protobuf::", [""]),
}
# Headers of the system that are no foreign library: no folder and no ".h" is C++'s own; these are C's and POSIX's.
SYSTEM = r"[a-z_0-9]+$|(assert|errno|fcntl|grp|limits|math|netdb|poll|pthread|pwd|sched|signal|spawn|stddef|stdint" \
         r"|stdio|stdlib|string|strings|syslog|termios|time|unistd|getopt|execinfo)\.h$|(sys|linux|netinet|arpa)/"

# The heart: values in, values out. No clock, chance, environment, I/O, logging, thread or hash order.
PURE_ROOMS = ["engine/calendar", "engine/pathway", "engine/child", "engine/access"]
PURE_HEADERS = {  # what may not be included there -> why
    r"chrono$|ctime$|time\.h$|sys/time\.h$|absl/time/clock\.h$": "a clock",
    r"random$|absl/random/|sys/random\.h$": "chance",
    r"fstream$|iostream$|istream$|ostream$|syncstream$|filesystem$|print$|stdio\.h$|fcntl\.h$|unistd\.h$|sys/|poll\.h$"
    r"|netdb\.h$|netinet/|arpa/|linux/": "input or output",
    r"engine/base/say\.h$|syslog\.h$": "logging",
    r"thread$|mutex$|shared_mutex$|atomic$|condition_variable$|future$|semaphore$|latch$|barrier$|stop_token$"
    r"|pthread\.h$|absl/synchronization/": "threads",
    r"locale$|csignal$|signal\.h$|spawn\.h$": "the state of the process",
    r"unordered_map$|unordered_set$|absl/container/(flat|node)_hash_|absl/hash/": "hash order",
}
_CALL = r"(?<![\w.>])(?:::|std::|absl::)?"  # a free function, not a member of that name
PURE_TOKENS = {  # what may not be written there -> why
    r"\babsl::Now\b|\b(?:system|steady|high_resolution|utc|file)_clock\b|\bclock_(?:gettime|nanosleep|getres)\b"
    r"|\bgettimeofday\b|" + _CALL + r"(?:time|clock|localtime|gmtime|localtime_r|gmtime_r|mktime)\s*\("
    r"|\babsl::LocalTimeZone\b|\babsl::LoadTimeZone\b|\babsl::SleepFor\b|\bsleep_for\b": "a clock or the system's zones",
    r"\brandom_device\b|\bmt19937|\bBitGen\b|" + _CALL + r"(?:rand|srand|random|drand48|getrandom|arc4random)\s*\(":
        "chance",
    r"\b(?:secure_)?getenv\b|\bsetenv\b|\bsetlocale\b|\bABSL_FLAG\b|\babsl::GetFlag\b": "the environment",
    r"\bstd::(?:w?cout|w?cerr|w?clog|w?cin|basic_[io]?fstream|w?[io]?fstream|print|println)\b|\bFILE\b"
    r"|\babsl::F?PrintF\b|\bstd(?:out|err|in)\b|" + _CALL +
    r"(?:fopen|freopen|fdopen|popen|v?f?printf|v?dprintf|f?puts|f?putc|putchar|fwrite|fread|f?scanf|f?gets|perror"
    r"|openat|mmap|fsync|unlink)\s*\(": "input or output",
    r"\bSay\s*\(\s*Severity\b|\bSeverity::|\bspdlog::": "logging",
    r"\bstd::(?:jthread|thread|mutex|recursive_mutex|shared_mutex|atomic\w*|async|future|promise|condition_variable\w*"
    r"|lock_guard|scoped_lock|unique_lock|call_once|once_flag)\b|\bpthread_\w+|\bthread_local\b|\babsl::Mutex\b":
        "threads",
    r"\bunordered_(?:multi)?(?:map|set)\b|\b(?:flat|node)_hash_(?:map|set)\b|\babsl::Hash(?:Of)?\b|\bstd::hash\b":
        "hash order",
}

MAX_COLUMNS = 100
MAX_LINES = {".h": 250, ".cc": 500}
# Folders of one machine; written in two pieces, since this file is read as well.
MACHINE_PATHS = re.compile("/wo" + "rk/|/fa" + "rm/|/tmp/bash" + "_jobs")

# ---- reading -----------------------------------------------------------------------------------------------------

CODE = (".h", ".cc")
TEXT = CODE + (".proto", ".py", ".sh", ".txt", ".cmake", ".json", ".yaml", ".md", ".textproto", "")
TOP = ["engine", "projections", "connectors", "deploy", "tests", "benchmarks", "proto"]
COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\\\s]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def blank(match):
    """Keeps the lines, drops the words. A digit separator (1'000) is not a character literal."""
    return re.sub(r"[^\n]", " ", match.group(0))


def strip(text):
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", " ", text)
    return COMMENT_OR_STRING.sub(blank, text)


def files_under(root):
    """Paths relative to root, in order, without what is built."""
    for top in TOP + ["docs", ".ci"]:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(f for f in folders if f not in ("build", "__pycache__", "node_modules", ".kafka"))
            for name in sorted(names):
                yield os.path.relpath(os.path.join(folder, name), root)
    for name in sorted(os.listdir(root)):
        if os.path.isfile(os.path.join(root, name)):
            yield name


def room_of(path):
    """The room that a file or an included path belongs to, or None."""
    parts = path.split("/")
    if parts[0] in ("engine", "connectors"):
        return "/".join(parts[:2]) if len(parts) > 2 else None
    return parts[0] if parts[0] in TOP else None


def allowed(room):
    """All rooms that a room may include."""
    todo, seen = ["connectors/*" if room.startswith("connectors/") else room], set()
    for name in todo:
        for further in ROOMS.get(name, []):
            if further not in seen:
                seen.add(further)
                todo.append(further)
    return seen


def may_include(room, other):
    if other in (room, "proto"):
        return True
    return ("connectors/*" if other.startswith("connectors/") else other) in allowed(room)


# ---- checking ----------------------------------------------------------------------------------------------------


class Gate:
    def __init__(self, root):
        self.root = root
        self.problems = []
        self.files = 0
        self.arrows = 0

    def say(self, path, line, rule, text):
        self.problems.append((path, line, rule, text))

    def run(self):
        links = []
        for path in files_under(self.root):
            suffix = os.path.splitext(path)[1]
            if suffix not in TEXT or os.path.islink(os.path.join(self.root, path)):
                continue
            try:
                with open(os.path.join(self.root, path), encoding="utf-8") as file:
                    text = file.read()
            except UnicodeDecodeError:
                if suffix in CODE:
                    self.say(path, 1, "encoding", "is not UTF-8")
                continue
            self.files += 1
            self.machine_paths(path, text)
            if suffix in CODE and path.split("/")[0] in TOP:
                self.code(path, suffix, text)
            if os.path.basename(path) == "CMakeLists.txt" and path.split("/")[0] in TOP:
                links.append((path, text))
        self.links(links)

    def machine_paths(self, path, text):
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATHS.search(line):
                self.say(path, number, "machine path", "names a folder of one machine")

    def code(self, path, suffix, text):
        lines = text.splitlines()
        room = room_of(path)
        if room is None or (room not in ROOMS and not room.startswith("connectors/")):
            self.say(path, 1, "room", "lies in no room of the table")
            return
        for number, line in enumerate(lines, 1):
            include = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if include:
                self.include(path, room, number, include.group(1), include.group(2))
            elif len(line) > MAX_COLUMNS:
                self.say(path, number, "long line", f"{len(line)} columns, at most {MAX_COLUMNS}")
        if len(lines) > MAX_LINES[suffix] and not re.search(r"^// dolen: long file, because \S", text, re.M):
            self.say(path, MAX_LINES[suffix] + 1, "long file", f"{len(lines)} lines, at most {MAX_LINES[suffix]}")
        if room in PURE_ROOMS:
            self.pure(path, lines, strip(text).splitlines())

    def include(self, path, room, number, quote, name):
        self.arrows += 1
        for library, (headers, _, places) in FOREIGN.items():
            if re.match(headers, name):
                if not self.foreign_allowed(path, places):
                    self.say(path, number, "foreign library", f"{library} is used in {self.places(places)} only")
                return
        if name.startswith("dolen/"):
            return  # proto, which all may include
        other = room_of(name)
        if other is None:
            if quote == "<" and re.match(SYSTEM, name):
                return
            self.say(path, number, "include", f"{name} is neither a path from the root nor a library of the table")
        elif other not in ROOMS and not other.startswith("connectors/"):
            self.say(path, number, "include", f"{other} is no room of the table")
        elif not may_include(room, other):
            self.say(path, number, "arrow", f"{room} may not include {other} ({name})")

    @staticmethod
    def foreign_allowed(path, places):
        return path.startswith(("tests/", "benchmarks/")) or any(path.startswith(place) for place in places)

    @staticmethod
    def places(places):
        return " and ".join(places + ["tests", "benchmarks"])

    def pure(self, path, lines, stripped):
        for number, (line, code) in enumerate(zip(lines, stripped), 1):
            exempt = number > 1 and re.match(r"\s*// dolen: hash order unseen, because \S", lines[number - 2])
            include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            table, words = (PURE_HEADERS, include.group(1)) if include else (PURE_TOKENS, code)
            for pattern, why in table.items():
                found = re.match(pattern, words) if include else re.search(pattern, words)
                if found and not (exempt and why == "hash order"):
                    self.say(path, number, "purity", f"{why} in a pure room: {found.group(0).strip()}")

    def links(self, texts):
        commands = [(path, *command) for path, text in texts for command in cmake_commands(text)]
        owner = {}  # target of ours -> the room that makes it
        for path, _, name, words in commands:
            if name in ("dolen_room", "dolen_test", "add_library", "add_executable") and words:
                owner[words[0][0]] = room_of(path) or path.split("/")[0]
        for path, _, name, words in commands:
            if name in ("dolen_room", "dolen_test", "target_link_libraries"):
                room = room_of(path)
                for word, line in linked(name, words):
                    self.link(path, room, line, word, owner)

    def link(self, path, room, line, word, owner):
        self.arrows += 1
        for library, (_, targets, places) in FOREIGN.items():
            if re.match(targets, word):
                where = os.path.dirname(path) + "/"
                homes = [os.path.dirname(p) + "/" if p.endswith(".cc") else p for p in places]
                if not self.foreign_allowed(where, homes):
                    self.say(path, line, "foreign library", f"{library} is linked in {self.places(places)} only")
                return
        if word in owner:
            if not may_include(room, owner[word]):
                self.say(path, line, "arrow", f"{room} may not link {owner[word]} ({word})")
        elif word.startswith("dolen_") and word != "dolen_flags":
            self.say(path, line, "link", f"{word} is made nowhere")
        elif word not in ("dolen_flags", "Threads::Threads", "dl", "m", "${CMAKE_DL_LIBS}"):
            self.say(path, line, "link", f"{word} is no library of the table")


def cmake_commands(text):
    """(line, name, [(word, line)...]) of each command of a CMakeLists.txt."""
    text = re.sub(r"#[^\n]*", lambda m: " " * len(m.group(0)), text)
    for match in re.finditer(r"(\w+)\s*\(([^()]*)\)", text):
        words = [(w.group(0).strip('"'), text.count("\n", 0, match.start(2) + w.start()) + 1)
                 for w in re.finditer(r"\S+", match.group(2))]
        yield text.count("\n", 0, match.start()) + 1, match.group(1).lower(), words


def linked(name, words):
    """The libraries that a command links."""
    if name == "target_link_libraries":
        return [w for w in words[1:] if w[0] not in ("PUBLIC", "PRIVATE", "INTERFACE")]
    deps, inside = [], False
    for word in words[1:]:
        if word[0] in ("SOURCES", "LABELS", "DEPS"):
            inside = word[0] == "DEPS"
        elif inside:
            deps.append(word)
    return deps


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."),
                        help="the tree to read (default: the repository of this script)")
    root = os.path.abspath(parser.parse_args().root)
    gate = Gate(root)
    gate.run()
    for path, line, rule, text in sorted(gate.problems):
        print(f"{path}:{line}: {rule}: {text}")
    if not gate.arrows:
        print("structure: found no #include and no link to check; is --root right?")
        return 2
    print(f"structure: {gate.files} files, {gate.arrows} includes and links, {len(gate.problems)} problems")
    return 1 if gate.problems else 0


if __name__ == "__main__":
    sys.exit(main())
