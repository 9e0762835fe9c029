// Compares what is in the topics, and what the program answers, with what was sent. Each check is a
// plain recount; none of it uses the engine. Failures are those of the test.
#ifndef DOLEN_TESTS_CRASH_JUDGE_H_
#define DOLEN_TESTS_CRASH_JUDGE_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/crash/program.h"
#include "tests/crash/records.h"
#include "tests/crash/story.h"

namespace dolen {

struct AlertCounts {
  int64_t records = 0, raised = 0, answered = 0, cleared = 0, withdrawn = 0;
};

// Every change once: (alert, number) and the shard's numbers count up from 1 without a gap; each
// alert belongs to one matter and level; it went as the matter's plan says; none came early.
AlertCounts JudgeAlerts(const Truth& truth, const std::vector<RawRecord>& alerts);

// Every confirmed action is in the ledger; each that is there changed each alert that stays open
// exactly once, and any other at most once. Returns how many are there.
int64_t JudgeActions(const Truth& truth, const std::set<std::string>& confirmed,
                     const std::vector<RawRecord>& ledger, const std::vector<RawRecord>& alerts);

struct LedgerCounts {
  int64_t records = 0, events = 0, duplicates = 0, conflicts = 0, ticks = 0, others = 0;
  std::set<std::string> conflicting;  // "partition@offset"
};

// Everything sent is there with its own bytes before any other under its id; nothing else is there;
// each child has one key, and each key one child.
LedgerCounts JudgeLedger(const Truth& truth, const std::vector<RawRecord>& ledger);

// One notice that a receiver was sent, in the order of arrival.
struct Delivered {
  struct Change {
    std::string alert_id;
    uint32_t number = 0;
    std::string state;  // of the alert after it
    friend bool operator==(const Change&, const Change&) = default;
  };
  std::string id, kind;  // "page", "update", "answered", "ended"
  std::vector<Change> changes;
  int life = 0;  // of the program that sent it
};

struct NoticeCounts {
  int64_t notices = 0, doubled = 0;
};

// Of an agency all of whose alerts go to one receiver, each by itself: what is open and nobody
// answered is known there as it is; what was told there before its last change is told of that too;
// of what a person gave to somebody who is told elsewhere, that it ended there. States are the
// topic's, kinds fit them, and an alert's numbers grow. A notice comes again only as it was, and
// only in another life of the program, once for each kill at most: a crash between answer and note.
// Those are counted.
NoticeCounts JudgeNotices(const std::string& agency, const std::vector<RawRecord>& alerts,
                          const std::vector<Delivered>& delivered);

// Every bad value is there, and nothing else.
void JudgeQuarantine(const Truth& truth, const std::vector<RawRecord>& quarantine);

// Each event stands once in its child's timeline, each matter has its clock in the state of its
// plan. Asks the running serve.
void JudgeTimelines(const Truth& truth, Serve& serve);

// What the folds kept aside, as "partition@offset" of the ledger; asks by `dolen quarantine list`.
std::set<std::string> AsideOf(const Where& where);

}  // namespace dolen

#endif  // DOLEN_TESTS_CRASH_JUDGE_H_
