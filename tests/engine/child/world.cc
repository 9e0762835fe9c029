#include "tests/engine/child/world.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "google/protobuf/text_format.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

constexpr const char* kNames[] = {
    "m1", "m2", "m3", "m4", "referral_made", "referral_declined", "referral_redirected"};
constexpr const char* kAgencies[] = {"a", "b", "s"};
constexpr const char* kReasons[] = {"", "full", "moved"};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  World Make(int children) {
    World world;
    world.children = children;
    now_ = At("2026-03-20 09:00");
    pathway::v1::Book book = Book();
    Publish(book, world);
    struct Left {
      int child, events;
    };
    std::vector<Left> left;
    for (int child = 0; child < children; ++child) {
      left.push_back({child, 1 + (Chance(30) ? Below(30) : Below(8))});
    }
    while (!left.empty()) {
      const int pick = Below(left.size());
      Pass();
      Event(left[pick].child, world);
      if (--left[pick].events == 0) left.erase(left.begin() + pick);
      if (Chance(12)) Add(Step::kTick, Tick(), world);
      if (Chance(1) && Chance(30)) Backfill(world);
      if (Chance(1) && Chance(20) && versions_ < 3) Publish(Change(book), world);
    }
    for (int i = 0; i < 3; ++i) {
      now_ += absl::Hours(1 + Below(24 * 20));
      Add(Step::kTick, Tick(), world);
    }
    return world;
  }

 private:
  int Below(int64_t bound) { return static_cast<int>(random_() % bound); }
  bool Chance(int percent) { return Below(100) < percent; }
  template <size_t N>
  std::string One(const char* const (&of)[N]) {
    return of[Below(N)];
  }

  void Pass() {
    if (Chance(50)) return;
    now_ += Chance(5) ? absl::Hours(Below(30)) : absl::Minutes(Below(40));
    // Much falls due at midnight and on the hour.
    if (Chance(5)) now_ = absl::FromUnixSeconds(absl::ToUnixSeconds(now_) / 3600 * 3600 + 3600);
  }

  std::string Pattern() {
    std::string text = absl::StrCat("is: \"", One(kNames), "\"");
    constexpr const char* kBy[] = {"asked", "asker", "agency:b", "kind:police"};
    if (Chance(20)) absl::StrAppend(&text, " by: \"", One(kBy), "\"");
    if (Chance(15)) absl::StrAppend(&text, " where { field: \"reason\" is: \"full\" is: \"\" }");
    if (Chance(15)) absl::StrAppend(&text, " or { is: \"", One(kNames), "\" }");
    return text;
  }

  std::string Limit() {
    switch (Below(7)) {
      case 0:
        return "";
      case 1:
        return absl::StrCat("minutes: ", Below(3) * 60);
      case 2:
        return absl::StrCat("hours: ", Below(60));
      case 3:
        return absl::StrCat("calendar_days: ", Below(6));
      case 4:
        return absl::StrCat("weekdays: ", Below(6));
      case 5:
        return absl::StrCat("weeks: ", Below(2));
      default:
        return absl::StrCat("working_days: ", Below(9));
    }
  }

  std::string RuleFields() {
    constexpr const char* kParties[] = {"starter", "asked", "asker", "agency:a", "agency:s"};
    constexpr const char* kBefore[] = {"hours: -5", "calendar_days: -1", "working_days: -1"};
    constexpr const char* kAfter[] = {"hours: 30", "calendar_days: 2", "working_days: 2"};
    std::string text = absl::StrCat("accountable: \"", One(kParties), "\"");
    for (int i = Chance(25) ? 2 : 1; i > 0; --i) absl::StrAppend(&text, " start {", Pattern(), "}");
    const int stops = Below(3);
    for (int i = 0; i < stops; ++i) absl::StrAppend(&text, " stop {", Pattern(), "}");
    if (Chance(40)) absl::StrAppend(&text, " cancel {", Pattern(), "}");
    if (Chance(20) && stops > 0) absl::StrAppend(&text, " done_before: true");
    if (const std::string allow = Limit(); !allow.empty()) {
      absl::StrAppend(&text, " limit { allow {", allow, "} }");
    }
    if (Chance(50)) {
      absl::StrAppend(&text, " level { name: \"due_soon\" offset {", One(kBefore), "} }");
    }
    constexpr const char* kAck[] = {"", "ack_expires { hours: 10 }",
                                    "ack_expires { working_days: 1 }"};
    absl::StrAppend(&text, " level { name: \"overdue\" ", kAck[rules_++ % 3], " }");
    if (Chance(50)) absl::StrAppend(&text, " level { name: \"chief\" offset {", One(kAfter), "} }");
    if (Chance(8)) absl::StrAppend(&text, " scope: \"nation:wales\"");
    if (Chance(8)) absl::StrAppend(&text, " scope: \"agency:s\"");
    return text;
  }

  void AddRule(const std::string& id, pathway::v1::Book& book) {
    const std::string per = per_child_[id[1] - '1'] ? " per: \"child\"" : "";
    const bool two = Chance(25);
    for (int i = 0; i < (two ? 2 : 1); ++i) {
      pathway::v1::Rule& rule = *book.add_rule();
      const std::string text = absl::StrCat("id: \"", id, "\"", per, " ", RuleFields());
      DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(text, &rule));
      if (!two) continue;
      if (i == 0) rule.set_valid_to("2026-03-29");
      if (i == 1) rule.set_valid_from(Chance(50) ? "2026-03-29" : "2026-03-26");
    }
  }

  pathway::v1::Book Book() {
    for (bool& per_child : per_child_) per_child = Chance(30);
    pathway::v1::Book book = BookOf("");
    book.clear_calendar();
    for (const char* nation : {"wales", "scotland"}) {
      pathway::v1::Calendar& calendar = *book.add_calendar();
      calendar.set_id(nation);
      if (nation[0] == 's' || Chance(70)) calendar.set_nation(nation);
      calendar.set_from("2026-03-01");
      calendar.set_to(Chance(70) ? "2026-12-31" : "2026-04-10");
      calendar.add_closed()->set_from("2026-04-03");
      calendar.mutable_closed(0)->set_to(nation[0] == 's' ? "2026-04-03" : "2026-04-06");
    }
    for (int i = 1 + Below(6); i > 0; --i) AddRule(absl::StrCat("R", i), book);
    return book;
  }

  // Some rules changed, dropped or added; agencies and calendars may change too.
  pathway::v1::Book Change(pathway::v1::Book& book) {
    pathway::v1::Book next = book;
    next.clear_rule();
    next.set_version(absl::StrCat(versions_ + 1));
    for (int i = 1; i <= 6; ++i) {
      const std::string id = absl::StrCat("R", i);
      const int fate = Below(4);
      for (const pathway::v1::Rule& rule : book.rule()) {
        if (rule.id() == id && fate > 1) *next.add_rule() = rule;
      }
      if (fate == 0) AddRule(id, next);
    }
    if (next.rule_size() == 0) AddRule("R1", next);
    if (Chance(50)) next.mutable_calendar(0)->set_to("2027-12-31");
    if (Chance(50)) next.mutable_calendar(0)->add_closed()->set_from("2026-04-08");
    if (Chance(30)) next.mutable_agency(1)->set_nation("scotland");
    book = next;
    return next;
  }

  void Publish(const pathway::v1::Book& book, World& world) {
    ++versions_;
    ledger::v1::Record record;
    record.mutable_book()->set_book(book.SerializeAsString());
    *record.mutable_book()->mutable_zone() = LondonTable();
    Add(Step::kBook, record, world);
  }

  void Backfill(World& world) {
    ledger::v1::Record record;
    if (open_ = !open_; open_) {
      record.mutable_fact()->set_backfill_begun("old");
    } else {
      record.mutable_fact()->set_backfill_ended("old");
    }
    Add(Step::kBackfill, record, world);
  }

  ledger::v1::Record Tick() {
    ledger::v1::Record record;
    record.mutable_tick()->set_drains(1000000);
    return record;
  }

  void Occurred(event::v1::Open& open) {
    absl::Time occurred = now_ - absl::Minutes(Below(Chance(50) ? 60 : 60 * 24 * 14));
    if (Chance(10)) occurred = now_ + absl::Minutes(Below(24 * 60));
    if (Chance(35)) {
      open.mutable_occurred()->set_day(DayText(absl::ToCivilDay(occurred, London())));
      return;
    }
    int64_t seconds = absl::ToUnixSeconds(occurred) / 60 * 60;
    if (Chance(50)) seconds = seconds / 3600 / 6 * 6 * 3600;  // ties
    if (Chance(10)) seconds -= 3600;                          // London's midnight in summer
    open.mutable_occurred()->mutable_instant()->set_seconds(seconds);
  }

  void Event(int child, World& world) {
    Said said(One(kNames), "2026-03-20");
    event::v1::Open& open = said.open;
    Occurred(open);
    open.set_event_id(absl::StrCat("e", ++events_));
    if (events_ % 11 == 5) {
      open.set_kind(event::v1::KIND_REFERRAL_ACCEPTED);
      open.clear_milestone();
    }
    constexpr const char* kLanguages[] = {"", "cy", "en", "", "pl"};
    open.set_language(kLanguages[events_ % 5]);
    open.set_agency(One(kAgencies));
    if (Chance(50)) {
      open.mutable_matter()->set_agency("a");
      open.mutable_matter()->set_id(Chance(50) ? "x" : "y");
    }
    if (open.kind() == event::v1::KIND_REFERRAL_MADE ||
        open.kind() == event::v1::KIND_REFERRAL_REDIRECTED) {
      if (Chance(90)) open.set_to_agency(One(kAgencies));
    }
    open.set_reason(One(kReasons));
    if (Chance(30)) open.set_sequence(Below(3));
    if (Chance(10)) said.backfill = "old";
    const ledger::v1::Record record = RecordOf(said, child);
    Add(Step::kEvent, record, world, child);
    if (Chance(4)) Add(Step::kDuplicate, record, world, child);
    if (Chance(2)) {
      open.set_reason("another");
      Add(Step::kConflict, RecordOf(said, child), world, child);
    }
  }

  static ledger::v1::Record RecordOf(const Said& said, int child) {
    return Story::RecordOf(said, Story::Child(child));
  }

  void Add(Step::What what, const ledger::v1::Record& record, World& world, int child = 0) {
    Step step;
    step.what = what;
    step.written = Chance(5) ? now_ - absl::Minutes(Below(90)) : now_;
    step.child = child;
    step.record = record;
    world.steps.push_back(std::move(step));
  }

  std::mt19937_64 random_;
  absl::Time now_;
  int versions_ = 0;
  int events_ = 0;
  int rules_ = 0;
  bool open_ = false;
  bool per_child_[6] = {};
};

}  // namespace

World MakeWorld(uint64_t seed, int children) { return Maker(seed).Make(children); }

}  // namespace dolen::story
