#include "tests/engine/child/world_rich.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "tests/engine/child/dice.h"
#include "tests/engine/child/rich_book.h"
#include "tests/engine/child/story.h"

namespace dolen::story {
namespace {

constexpr const char* kAgencies[] = {"a", "b", "s"};
constexpr const char* kMatters[] = {"x", "x", "x", "y", "y", "z"};
constexpr const char* kAround[] = {"2026-03-29", "2026-10-25", "2026-12-20", "2028-02-20"};

class Maker {
 public:
  Maker(uint64_t seed, int children)
      : dice_(seed),
        around_(dice_.One(kAround)),
        books_(dice_, absl::ToCivilDay(At(around_), London())) {
    world_.children = children;
    said_.resize(children);
    held_.resize(children);
    now_ = At(around_) - absl::Hours(24 * 9 - 9);
  }

  World Make() {
    pathway::v1::Book book = books_.First();
    Publish(book);
    std::vector<int> left(world_.children);
    for (int& events : left) events = 1 + (dice_.Chance(40) ? dice_.Below(30) : dice_.Below(10));
    for (int live = world_.children; live > 0;) {
      const int child = dice_.Below(world_.children);
      if (left[child] == 0) continue;
      Pass();
      Event(child);
      live -= --left[child] == 0;
      if (dice_.Chance(12)) Tick();
      if (dice_.Chance(1) && dice_.Chance(30)) Backfill();
      if (dice_.Chance(1) && dice_.Chance(20) && versions_ < 3) {
        book = books_.Next(book, versions_ + 1);
        Publish(book);
      }
    }
    for (int child = 0; child < world_.children; ++child) Release(child);
    for (int i = 0; i < 4; ++i) {
      now_ += absl::Hours(1 + dice_.Below(24 * 20));
      Tick();
    }
    return std::move(world_);
  }

 private:
  // --- time, and what all children share

  void Pass() {
    if (dice_.Chance(50)) return;
    // Weeks pass, whether the children are many or few.
    const int slow = std::max(1, 100 / world_.children);
    now_ += dice_.Chance(5) ? absl::Hours(dice_.Below(30)) : absl::Minutes(dice_.Below(40) * slow);
    // Much falls due at midnight and on the hour.
    if (dice_.Chance(5)) {
      now_ = absl::FromUnixSeconds(absl::ToUnixSeconds(now_) / 3600 * 3600 + 3600);
    }
  }

  void Add(Step::What what, const ledger::v1::Record& record, int child = 0) {
    Step step;
    step.what = what;
    step.written = dice_.Chance(5) ? now_ - absl::Minutes(dice_.Below(90)) : now_;
    step.child = child;
    step.record = record;
    world_.steps.push_back(std::move(step));
  }
  void Tick() {
    ledger::v1::Record record;
    record.mutable_tick()->set_drains(1000000);
    Add(Step::kTick, record);
  }
  void Publish(const pathway::v1::Book& book) {
    ++versions_;
    ledger::v1::Record record;
    record.mutable_book()->set_book(book.SerializeAsString());
    *record.mutable_book()->mutable_zone() = LondonTable();
    Add(Step::kBook, record);
  }
  void Backfill() {
    ledger::v1::Record record;
    if (backfilling_ = !backfilling_; backfilling_) {
      record.mutable_fact()->set_backfill_begun("old");
    } else {
      record.mutable_fact()->set_backfill_ended("old");
    }
    Add(Step::kBackfill, record);
  }

  // --- one event

  std::string What() {
    const int of = dice_.Below(100);
    if (of < 62) return dice_.One(kRichNames);
    if (of < 70) return "referral_made";
    if (of < 74) return "referral_declined";
    if (of < 78) return "referral_redirected";
    if (of < 81) return dice_.Chance(50) ? "episode_opened" : "episode_closed";
    if (of < 87) return "clock_paused";
    if (of < 92) return "clock_resumed";
    if (of < 97) return "exception_authorised";
    return "child_voice_recorded";
  }

  event::v1::When Instant(absl::Time t) const {
    event::v1::When when;
    when.mutable_instant()->set_seconds(absl::ToUnixSeconds(t) / 60 * 60);
    return when;
  }
  event::v1::When DayOf(absl::Time t) const {
    event::v1::When when;
    when.set_day(DayText(absl::ToCivilDay(t, London())));
    return when;
  }

  event::v1::When Occurred() {
    const int back = dice_.Chance(50) ? 60 : dice_.Chance(90) ? 60 * 24 * 14 : 60 * 24 * 90;
    absl::Time t = now_ - absl::Minutes(dice_.Below(back));
    if (dice_.Chance(10)) t = now_ + absl::Minutes(dice_.Below(24 * 60));
    if (dice_.Chance(35)) return DayOf(t);
    if (dice_.Chance(50)) {  // ties
      t = absl::FromUnixSeconds(absl::ToUnixSeconds(t) / (6 * 3600) * (6 * 3600));
    }
    if (dice_.Chance(10)) t -= absl::Hours(1);  // London's midnight in summer
    return Instant(t);
  }
  event::v1::When Ahead(int days) {
    const absl::Time t = now_ + absl::Minutes(dice_.Below(60 * 24 * days) - 60 * 24);
    return dice_.Chance(60) ? DayOf(t) : Instant(t);
  }

  void AddFields(event::v1::Open& open) {
    open.set_reason(dice_.One(kRichReasons));
    if (dice_.Chance(30)) open.set_sequence(dice_.Below(3));
    if (dice_.Chance(20)) open.set_role(dice_.One(kRichRoles));
    if (dice_.Chance(10)) open.set_occasion(dice_.Chance(50) ? "o1" : "o2");
    if (dice_.Chance(5)) open.set_birth_month(dice_.Chance(50) ? around_.substr(0, 7) : "2020-01");
    // Five years old about now.
    if (!open.birth_month().empty() && dice_.Chance(70)) {
      const absl::CivilMonth now(absl::ToCivilDay(now_, London()));
      const absl::CivilMonth then = now - 12 * 5 - dice_.Below(2);
      open.set_birth_month(absl::FormatCivilTime(then));
    }
    const auto field = [&](const char* name) {
      event::v1::Field& added = *open.add_fields();
      added.set_name(name);
      return &added;
    };
    if (dice_.Chance(55)) field("placement")->set_code(dice_.One(kRichPlaces));
    if (dice_.Chance(20)) field("score")->set_number(dice_.Below(10));
    if (dice_.Chance(30)) *field("planned_for")->mutable_when() = Ahead(25);
  }

  void AddMatter(event::v1::Open& open) {
    if (!dice_.Chance(50)) return;
    open.mutable_matter()->set_agency(dice_.Chance(90) ? "a" : "b:%");
    open.mutable_matter()->set_id(dice_.One(kMatters));
    if (!dice_.Chance(15)) return;
    open.mutable_continues()->set_agency("a");
    open.mutable_continues()->set_id(dice_.Chance(90) ? dice_.One(kMatters) : "w");
  }

  void AddKind(event::v1::Open& open) {
    const event::v1::Kind kind = open.kind();
    const bool asks =
        kind == event::v1::KIND_REFERRAL_MADE || kind == event::v1::KIND_REFERRAL_REDIRECTED;
    if (asks && dice_.Chance(90)) open.set_to_agency(dice_.One(kAgencies));
    if (kind == event::v1::KIND_CLOCK_PAUSED) {
      if (dice_.Chance(20)) *open.mutable_until() = Ahead(10);
      if (dice_.Chance(30)) open.set_owner(dice_.Chance(50) ? "family" : dice_.One(kAgencies));
    }
    if (kind == event::v1::KIND_EXCEPTION_AUTHORISED) {
      if (dice_.Chance(40)) *open.mutable_until() = Ahead(10);
      if (dice_.Chance(50)) open.set_rule(absl::StrCat("R", dice_.From(1, kRichRules)));
      if (dice_.Chance(60)) open.set_role("head");
    }
  }

  event::v1::Open Make(const std::string& what) {
    Said said(what, around_);
    event::v1::Open& open = said.open;
    *open.mutable_occurred() = Occurred();
    open.mutable_published()->set_seconds(absl::ToUnixSeconds(now_) / 600 * 600);  // ties
    open.set_event_id(absl::StrCat("e", ++events_));
    open.set_agency(dice_.One(kAgencies));
    AddMatter(open);
    AddFields(open);
    AddKind(open);
    return open;
  }

  // Of an event, or of another correction, that was said or is still held back.
  event::v1::Open Correct(const event::v1::Open& named) {
    event::v1::Open open = Make(What());
    event::v1::Correction& corrects = *open.mutable_corrects();
    corrects.set_agency(named.agency());
    corrects.set_event_id(named.event_id());
    if (dice_.Chance(85)) open.set_agency(named.agency());
    corrects.set_voids(dice_.Chance(30));
    if (!corrects.voids()) {
      const bool same = dice_.Chance(80) && named.kind() != event::v1::KIND_CORRECTION;
      corrects.set_kind(same ? named.kind() : open.kind());
      corrects.set_milestone(same ? named.milestone() : open.milestone());
      // Mostly only the time was wrong.
      if (same && dice_.Chance(60)) {
        const event::v1::Open made = open;
        open = named;
        open.set_event_id(made.event_id());
        open.set_agency(made.agency());
        *open.mutable_published() = made.published();
        *open.mutable_occurred() = made.occurred();
        *open.mutable_corrects() = made.corrects();
      }
    }
    open.set_kind(event::v1::KIND_CORRECTION);
    open.clear_milestone();
    return open;
  }

  void Event(int child) {
    std::vector<event::v1::Open>& said = said_[child];
    if (!said.empty() && dice_.Chance(15)) {
      // One of the last few, so that some are corrected several times.
      const int among = std::min<int>(said.size(), 6);
      const event::v1::Open named = said[said.size() - 1 - dice_.Below(among)];
      event::v1::Open correction = Correct(named);
      if (dice_.Chance(4)) {  // two that name each other
        correction.set_agency(named.agency());
        correction.mutable_corrects()->set_event_id(absl::StrCat("e", events_ + 1));
        event::v1::Open back = Correct(correction);
        back.set_agency(named.agency());
        Say(child, back);
      }
      Say(child, correction);
      return;
    }
    event::v1::Open open = Make(What());
    if (dice_.Chance(4)) {  // corrected before it is heard
      held_[child].push_back(open);
      Say(child, Correct(open));
      return;
    }
    Say(child, open);
    if (dice_.Chance(30)) Release(child);
  }

  void Release(int child) {
    for (const event::v1::Open& open : std::exchange(held_[child], {})) Say(child, open);
  }

  void Say(int child, const event::v1::Open& open) {
    said_[child].push_back(open);
    Said said("m1", around_);
    said.open = open;
    if (dice_.Chance(10)) said.backfill = "old";
    const ledger::v1::Record record = Story::RecordOf(said, Story::Child(child));
    Add(Step::kEvent, record, child);
    if (dice_.Chance(4)) Add(Step::kDuplicate, record, child);
    if (dice_.Chance(2)) {
      said.open.set_reason("another");
      Add(Step::kConflict, Story::RecordOf(said, Story::Child(child)), child);
    }
  }

  Dice dice_;
  const std::string around_;
  RichBooks books_;
  World world_;
  absl::Time now_;
  std::vector<std::vector<event::v1::Open>> said_, held_;  // of each child
  int versions_ = 0;
  int events_ = 0;
  bool backfilling_ = false;
};

}  // namespace

World MakeRichWorld(uint64_t seed, int children) { return Maker(seed, children).Make(); }

}  // namespace dolen::story
