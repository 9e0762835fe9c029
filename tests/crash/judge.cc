#include "tests/crash/judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dolen/alert/v1/action.pb.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/ledger/v1/ledger.pb.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using alert::v1::Alert;
using nlohmann::json;

constexpr absl::Duration kAllowed = absl::Hours(2);

std::string Place(int partition, int64_t offset) { return absl::StrCat(partition, "@", offset); }

// Whether the changes of a matter's alerts, as "level:state ...", fit its plan.
bool Fits(Plan plan, const std::string& told) {
  switch (plan) {
    case Plan::kNeverSeen:
      return told == "overdue:raised";
    case Plan::kDueSoon:
      return told == "due_soon:raised";
    case Plan::kInTime:
      return told.empty() || told == "overdue:raised overdue:withdrawn";
    case Plan::kLate:
      return told.empty() || told == "overdue:raised overdue:cleared";
  }
  return false;
}

std::string NameOf(alert::v1::State state) {
  switch (state) {
    case alert::v1::STATE_RAISED:
      return "raised";
    case alert::v1::STATE_CLEARED:
      return "cleared";
    case alert::v1::STATE_WITHDRAWN:
      return "withdrawn";
    default:
      return absl::StrCat("state ", static_cast<int>(state));
  }
}

bool IsAnswer(alert::v1::State state) {
  return state == alert::v1::STATE_ACKNOWLEDGED || state == alert::v1::STATE_SNOOZED ||
         state == alert::v1::STATE_ASSIGNED || state == alert::v1::STATE_RESOLVED;
}

// What the topic tells of one matter.
struct Told {
  std::string id, child, text;
  uint32_t number = 0;
};

void JudgeChange(const Truth& truth, const Alert& alert, std::map<std::string, Told>& told) {
  const std::string matter = absl::StrCat(alert.matter_agency(), ":", alert.matter_id());
  const auto known = truth.matters.find(matter);
  ASSERT_NE(known, truth.matters.end()) << alert.ShortDebugString();
  Told& of = told[matter];
  if (of.id.empty()) of.id = alert.alert_id(), of.child = alert.child();
  EXPECT_EQ(of.id, alert.alert_id()) << matter << " has two alerts";
  EXPECT_EQ(of.child, alert.child()) << matter << " has two children";
  EXPECT_EQ(alert.number(), ++of.number) << "a change of " << matter << " is missing or told twice";
  const absl::Time due = known->second.start + kAllowed;
  EXPECT_EQ(FromTimestamp(alert.due()), due) << matter;
  const absl::Time level = alert.level() == "due_soon" ? due - absl::Hours(1) : due;
  EXPECT_GE(FromTimestamp(alert.at()), level) << matter << " was told too early";
  // What people say to it in between is judged by itself.
  if (IsAnswer(alert.state())) return;
  absl::StrAppend(&of.text, of.text.empty() ? "" : " ", alert.level(), ":", NameOf(alert.state()));
}

}  // namespace

AlertCounts JudgeAlerts(const Truth& truth, const std::vector<RawRecord>& alerts) {
  AlertCounts counts;
  std::map<std::string, Told> told;
  std::map<int, uint64_t> numbers;
  for (const RawRecord& record : alerts) {
    Alert alert;
    EXPECT_TRUE(alert.ParseFromString(record.value));
    EXPECT_EQ(alert.alert_id(), record.key);
    EXPECT_EQ(alert.shard(), static_cast<uint32_t>(record.partition));
    EXPECT_EQ(alert.shard_number(), ++numbers[record.partition])
        << "lost, repeated or out of order in the alerts of shard " << record.partition
        << " at offset " << record.offset;
    JudgeChange(truth, alert, told);
    ++counts.records;
    counts.raised += alert.state() == alert::v1::STATE_RAISED ? 1 : 0;
    counts.answered += IsAnswer(alert.state()) ? 1 : 0;
    counts.cleared += alert.state() == alert::v1::STATE_CLEARED ? 1 : 0;
    counts.withdrawn += alert.state() == alert::v1::STATE_WITHDRAWN ? 1 : 0;
  }
  for (const auto& [matter, of] : truth.matters) {
    EXPECT_TRUE(Fits(of.plan, told[matter].text))
        << matter << " of plan " << static_cast<int>(of.plan) << ": \"" << told[matter].text
        << "\"";
  }
  return counts;
}

namespace {

// How often each alert changed by what people said.
std::map<std::string, int> AnswersIn(const std::vector<RawRecord>& alerts,
                                     std::map<std::string, std::string>& matter_of) {
  std::map<std::string, int> answers;
  for (const RawRecord& record : alerts) {
    Alert alert;
    EXPECT_TRUE(alert.ParseFromString(record.value));
    matter_of[alert.alert_id()] = absl::StrCat(alert.matter_agency(), ":", alert.matter_id());
    answers[alert.alert_id()] += IsAnswer(alert.state()) ? 1 : 0;
  }
  return answers;
}

}  // namespace

int64_t JudgeActions(const Truth& truth, const std::set<std::string>& confirmed,
                     const std::vector<RawRecord>& ledger, const std::vector<RawRecord>& alerts) {
  std::set<std::string> ids;
  std::map<std::string, int> said;  // by alert; notes change nothing
  for (const RawRecord& record : ledger) {
    ledger::v1::Record parsed;
    alert::v1::Action action;
    EXPECT_TRUE(parsed.ParseFromString(record.value));
    if (!parsed.has_action()) continue;
    EXPECT_TRUE(action.ParseFromString(parsed.action().said()));
    // Admission is at least once: the same one again counts once.
    const bool is_first = ids.insert(action.action_id()).second;
    if (is_first && action.kind() != alert::v1::Action::KIND_NOTED) ++said[action.alert_id()];
  }
  for (const std::string& id : confirmed) {
    EXPECT_TRUE(ids.contains(id)) << "action " << id << " was confirmed and is lost";
  }
  std::map<std::string, std::string> matter_of;
  for (const auto& [alert, answers] : AnswersIn(alerts, matter_of)) {
    const auto matter = truth.matters.find(matter_of[alert]);
    const bool stays = matter != truth.matters.end() && (matter->second.plan == Plan::kNeverSeen ||
                                                         matter->second.plan == Plan::kDueSoon);
    EXPECT_LE(answers, said[alert]) << alert << " changed without an action";
    EXPECT_TRUE(!stays || answers == said[alert]) << alert << ": an action changed nothing";
  }
  return static_cast<int64_t>(ids.size());
}

LedgerCounts JudgeLedger(const Truth& truth, const std::vector<RawRecord>& ledger) {
  LedgerCounts counts;
  std::set<std::string> seen, conflicts;
  std::map<std::string, std::string> key_of, child_of;
  std::map<int, int64_t> next;
  for (const RawRecord& record : ledger) {
    EXPECT_EQ(record.offset, next[record.partition]) << "a hole in ledger " << record.partition;
    next[record.partition] = record.offset + 1;
    ledger::v1::Record parsed;
    event::v1::Open open;
    EXPECT_TRUE(parsed.ParseFromString(record.value));
    ++counts.records;
    counts.ticks += parsed.has_tick() ? 1 : 0;
    counts.others += parsed.has_tick() || parsed.has_event() ? 0 : 1;
    if (!parsed.has_event()) continue;
    EXPECT_TRUE(open.ParseFromString(parsed.event().open()));
    const std::string id = absl::StrCat(open.agency(), "/", open.event_id());
    const auto sent = truth.events.find(id);
    EXPECT_NE(sent, truth.events.end()) << id << " was never sent";
    if (sent == truth.events.end()) continue;
    const std::string& key = parsed.event().child();
    EXPECT_EQ(key_of.emplace(sent->second.child, key).first->second, key) << id;
    EXPECT_EQ(child_of.emplace(key, sent->second.child).first->second, sent->second.child) << id;
    const bool is_own = parsed.event().open() == sent->second.open &&
                        parsed.event().private_() == sent->second.private_part;
    const bool is_first = seen.insert(id).second;
    EXPECT_TRUE(is_own || !is_first) << id << ": a contradiction overtook the event";
    if (is_own) {
      ++(is_first ? counts.events : counts.duplicates);
    } else {
      ++counts.conflicts;
      conflicts.insert(parsed.event().open());
      counts.conflicting.insert(Place(record.partition, record.offset));
    }
  }
  EXPECT_EQ(seen.size(), truth.events.size()) << "events were lost";
  EXPECT_TRUE(conflicts == truth.conflicts)
      << conflicts.size() << " contradictions, sent were " << truth.conflicts.size();
  return counts;
}

namespace {

// What the topic says last of an alert.
struct Last {
  alert::v1::State state = alert::v1::STATE_UNSPECIFIED;
  uint32_t number = 0;
  bool was_given_away = false;  // to somebody who is told elsewhere
};

std::map<std::string, Last> LastOf(const std::string& agency,
                                   const std::vector<RawRecord>& alerts) {
  std::map<std::string, Last> last;
  for (const RawRecord& record : alerts) {
    Alert alert;
    EXPECT_TRUE(alert.ParseFromString(record.value));
    if (alert.matter_agency() != agency) continue;
    Last& of = last[alert.alert_id()];
    of.state = alert.state();
    of.number = alert.number();
    of.was_given_away |= alert.state() == alert::v1::STATE_ASSIGNED;
  }
  return last;
}

// Whether this notice is there for the first time; of a repetition, that it may be one.
bool IsFirst(const Delivered& notice, std::map<std::string, const Delivered*>& before) {
  const Delivered*& first = before[notice.id];
  const bool is_first = first == nullptr;
  if (is_first) first = &notice;
  EXPECT_EQ(notice.kind, first->kind) << "notice " << notice.id << " changed";
  EXPECT_EQ(notice.changes, first->changes) << "notice " << notice.id << " changed";
  return is_first;
}

}  // namespace

NoticeCounts JudgeNotices(const std::string& agency, const std::vector<RawRecord>& alerts,
                          const std::vector<Delivered>& delivered) {
  NoticeCounts counts;
  const std::map<std::string, Last> last = LastOf(agency, alerts);
  std::map<std::string, uint32_t> told;  // the last number, by alert
  std::map<std::string, const Delivered*> before;
  std::map<std::string, int> lives;  // in which a notice came last
  for (const Delivered& notice : delivered) {
    ++counts.notices;
    if (!IsFirst(notice, before)) {
      ++counts.doubled;
      EXPECT_LT(lives[notice.id], notice.life)
          << "notice " << notice.id << " came again for nothing";
      lives[notice.id] = notice.life;
      continue;
    }
    lives[notice.id] = notice.life;
    for (const Delivered::Change& change : notice.changes) {
      EXPECT_LT(told[change.alert_id], change.number)
          << change.alert_id << " was told of again, or of what came before";
      told[change.alert_id] = change.number;
      EXPECT_EQ(last.count(change.alert_id), 1u) << change.alert_id << " is not for this receiver";
    }
  }
  for (const auto& [alert_id, of] : last) {
    if (of.was_given_away) continue;
    const bool is_urgent = of.state == alert::v1::STATE_RAISED;
    if (told[alert_id] == 0 && !is_urgent) continue;  // overtaken before anybody was told
    EXPECT_EQ(told[alert_id], of.number) << alert_id << ": its last change was not told";
  }
  return counts;
}

void JudgeQuarantine(const Truth& truth, const std::vector<RawRecord>& quarantine) {
  std::set<std::string> values;
  for (const RawRecord& record : quarantine) {
    ledger::v1::QuarantineRecord parsed;
    EXPECT_TRUE(parsed.ParseFromString(record.value) && parsed.has_received());
    EXPECT_EQ(parsed.received().reason(), "unknown_contract");
    values.insert(parsed.received().value());
  }
  EXPECT_TRUE(values == truth.bad)
      << values.size() << " values in quarantine, sent were " << truth.bad.size();
}

namespace {

std::string StateOf(Plan plan) {
  return plan == Plan::kNeverSeen ? "overdue"
         : plan == Plan::kDueSoon ? "running"
         : plan == Plan::kInTime  ? "in_time"
                                  : "late";
}

void JudgeTimeline(const std::string& child, const std::multiset<std::string>& events,
                   const std::multiset<std::string>& clocks, Serve& serve) {
  const auto answer = serve.Get({"v1", "children", kIssuer, child, "timeline"});
  ASSERT_TRUE(answer.ok()) << child << ": " << answer.status();
  const json timeline = json::parse(*answer, nullptr, false);
  ASSERT_TRUE(timeline.is_object()) << *answer;
  std::multiset<std::string> there, states;
  for (const json& event : timeline["events"]) {
    there.insert(absl::StrCat(event.value("agency", ""), "/", event.value("event_id", "")));
  }
  for (const json& clock : timeline["clocks"]) {
    states.insert(absl::StrCat(clock.value("matter", ""), " ", clock.value("state", "")));
  }
  EXPECT_EQ(there, events) << child;
  EXPECT_EQ(states, clocks) << child;
}

}  // namespace

void JudgeTimelines(const Truth& truth, Serve& serve) {
  std::map<std::string, std::multiset<std::string>> events, clocks;
  for (const auto& [id, event] : truth.events) events[event.child].insert(id);
  for (const auto& [name, matter] : truth.matters) {
    clocks[matter.child].insert(absl::StrCat(name, " ", StateOf(matter.plan)));
  }
  for (const auto& [child, ids] : events) JudgeTimeline(child, ids, clocks[child], serve);
}

std::set<std::string> AsideOf(const Where& where) {
  std::set<std::string> aside;
  const Ran listed = RunVerb(where, {"quarantine", "list", "--format=json"});
  EXPECT_EQ(listed.exit, 0);
  for (const std::string& line : LinesOf(listed.out)) {
    const json entry = json::parse(line, nullptr, false);
    EXPECT_TRUE(entry.is_object()) << line;
    if (!entry.is_object() || entry.value("state", "") != "aside") continue;
    EXPECT_EQ(entry.value("reason", ""), "conflict");
    aside.insert(Place(entry["ledger"]["partition"], entry["ledger"]["offset"]));
  }
  return aside;
}

}  // namespace dolen
