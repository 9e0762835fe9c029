#include "tests/crash/judge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
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

std::string StateName(alert::v1::State state) {
  return absl::AsciiStrToLower(absl::StripPrefix(alert::v1::State_Name(state), "STATE_"));
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
  absl::StrAppend(&of.text, of.text.empty() ? "" : " ", alert.level(), ":",
                  StateName(alert.state()));
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

// What the topic says of an alert.
struct Course {
  std::vector<std::string> states;  // by number, from 1
  uint32_t given_away = 0;          // the change by which somebody else got it; 0: none did
};

std::map<std::string, Course> CoursesOf(const std::string& agency,
                                        const std::vector<RawRecord>& alerts) {
  std::map<std::string, Course> courses;
  for (const RawRecord& record : alerts) {
    Alert alert;
    EXPECT_TRUE(alert.ParseFromString(record.value));
    if (alert.matter_agency() != agency) continue;
    Course& of = courses[alert.alert_id()];
    of.states.push_back(StateName(alert.state()));
    if (alert.state() == alert::v1::STATE_ASSIGNED) of.given_away = alert.number();
  }
  return courses;
}

// What a notice of one alert must be, by what became of that.
std::string KindFor(const std::string& state) {
  if (state == "raised" || state == "escalated") return "page";
  if (state == "cleared" || state == "withdrawn" || state == "assigned") return "ended";
  return state == "amended" ? "update" : "answered";
}

class NoticeJudge {
 public:
  NoticeJudge(const std::string& agency, const std::vector<RawRecord>& alerts)
      : courses_(CoursesOf(agency, alerts)) {}

  void Take(const Delivered& notice) {
    ++counts_.notices;
    lives_ = std::max(lives_, notice.life);
    const Delivered*& before = by_id_[notice.id];
    if (before == nullptr) {
      for (const Delivered::Change& change : notice.changes) TakeNews(notice.kind, change);
    } else {
      ++counts_.doubled;
      EXPECT_LT(before->life, notice.life) << "notice " << notice.id << " came again for nothing";
      EXPECT_EQ(notice.kind, before->kind) << "notice " << notice.id << " changed";
      EXPECT_TRUE(notice.changes == before->changes) << "notice " << notice.id << " changed";
    }
    before = &notice;
  }

  NoticeCounts Sum() {
    EXPECT_LE(counts_.doubled, lives_) << "more doubles than kills";
    for (const auto& [alert_id, course] : courses_) {
      const auto& [number, kind] = told_[alert_id];
      // Who was not told before it was answered or ended, or given away, need not be told.
      if (number == 0 && course.states.back() != "raised") continue;
      if (course.given_away > 0) {
        EXPECT_GE(number, course.given_away) << alert_id << ": that it went elsewhere was not told";
        EXPECT_EQ(kind, "ended") << alert_id;
      } else {
        EXPECT_EQ(number, course.states.size()) << alert_id << ": its last change was not told";
      }
    }
    return counts_;
  }

 private:
  struct Told {
    uint32_t number = 0;
    std::string kind;
  };

  void TakeNews(const std::string& kind, const Delivered::Change& change) {
    Told& told = told_[change.alert_id];
    EXPECT_LT(told.number, change.number)
        << change.alert_id << " was told of again, or of what came before";
    EXPECT_NE(told.kind, "ended") << change.alert_id << " was told of after its end";
    told = {change.number, kind};
    const auto course = courses_.find(change.alert_id);
    if (course == courses_.end() || change.number > course->second.states.size()) {
      ADD_FAILURE() << change.alert_id << " is not for this receiver";
      return;
    }
    const std::string& state = course->second.states[change.number - 1];
    EXPECT_EQ(change.state, state) << change.alert_id;
    const uint32_t given_away = course->second.given_away;
    const bool is_elsewhere = given_away > 0 && given_away <= change.number;
    EXPECT_EQ(kind, is_elsewhere ? "ended" : KindFor(state)) << change.alert_id << " " << state;
  }

  const std::map<std::string, Course> courses_;
  std::map<std::string, Told> told_;               // by alert
  std::map<std::string, const Delivered*> by_id_;  // as it came last
  int lives_ = 0;
  NoticeCounts counts_;
};

}  // namespace

NoticeCounts JudgeNotices(const std::string& agency, const std::vector<RawRecord>& alerts,
                          const std::vector<Delivered>& delivered) {
  NoticeJudge judge(agency, alerts);
  for (const Delivered& notice : delivered) judge.Take(notice);
  return judge.Sum();
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
