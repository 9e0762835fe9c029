#include "tests/engine/child/world_holding.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/check.h"
#include "engine/base/time.h"
#include "google/protobuf/text_format.h"
#include "tests/engine/child/dice.h"
#include "tests/engine/child/story.h"
#include "tests/engine/child/world_rich.h"

namespace dolen::story {
namespace {

constexpr const char* kAgencies[] = {"a", "b", "s"};
constexpr const char* kMatters[] = {"h1", "h1", "h2", "h3"};
constexpr const char* kParts[] = {"", "", "health", "", "school"};

// Who is offered a child answers in two days; and what a child's placement moves by itself.
constexpr char kMore[] = R"(
  rule { id: "OFFER" start { is: "handover_offered" }
         stop { is: "handover_accepted" or { is: "handover_completed" } }
         cancel { is: "handover_declined" or { is: "handover_cancelled" } }
         accountable: "asked" limit { allow { hours: 48 } } level { name: "overdue" }
         level { name: "chief" offset { hours: 30 } } }
  passing { on { is: "placed" where { field: "reason" is: "moved" } }
            from: "agency:a" to: "starter" }
  passing { part: "health" on { is: "placed" where { field: "reason" is: "full" } }
            from: "agency:b" to: "agency:s" })";

class Weaver {
 public:
  Weaver(uint64_t seed, int children) : dice_(seed ^ 0x9e3779b97f4a7c15u), said_(children) {}

  World Weave(World world) {
    std::vector<Step> steps;
    for (Step& step : world.steps) {
      if (step.what == Step::kBook) AddMore(step);
      now_ = step.written;
      const int child = step.child;
      const bool is_event = step.what == Step::kEvent;
      steps.push_back(std::move(step));
      if (!is_event || !dice_.Chance(40)) continue;
      for (int more = dice_.From(1, 2); more > 0; --more) steps.push_back(Next(child));
    }
    world.steps = std::move(steps);
    return world;
  }

 private:
  static void AddMore(Step& step) {
    pathway::v1::Book book, more;
    DOLEN_CHECK(book.ParseFromString(step.record.book().book()));
    DOLEN_CHECK(google::protobuf::TextFormat::ParseFromString(kMore, &more));
    book.MergeFrom(more);
    step.record.mutable_book()->set_book(book.SerializeAsString());
  }

  // Some children are held in episodes only, which end.
  std::string Kind(bool in_episodes) {
    const int of = in_episodes ? dice_.Below(80) : dice_.Below(100);
    if (in_episodes && 33 <= of && of < 52) return "episode_closed";
    if (of < 22) return "handover_offered";
    if (of < 28) return "handover_accepted";
    if (of < 33) return "handover_declined";
    if (of < 36) return "handover_cancelled";
    if (of < 52) return "handover_completed";
    if (of < 68) return "episode_opened";
    if (of < 80) return "episode_closed";
    if (of < 86) return "cover_started";
    if (of < 92) return "cover_ended";
    return "placed";
  }

  event::v1::When Around(int hours_back, int hours_ahead) {
    const absl::Time t = now_ + absl::Minutes(dice_.From(-60 * hours_back, 60 * hours_ahead));
    event::v1::When when;
    if (dice_.Chance(30)) {
      when.set_day(DayText(absl::ToCivilDay(t, London())));
    } else {
      const int64_t minutes = absl::ToUnixSeconds(t) / 60;
      when.mutable_instant()->set_seconds((dice_.Chance(40) ? minutes / 360 * 360 : minutes) * 60);
    }
    return when;
  }
  event::v1::When Occurred() {
    if (dice_.Chance(8)) return Around(-1, 20);
    return dice_.Chance(50) ? Around(2, 0) : Around(24 * 10, 0);
  }

  event::v1::Open Make(int child) {
    Said said(Kind(child % 3 == 0), "2026-03-20");
    event::v1::Open& open = said.open;
    *open.mutable_occurred() = Occurred();
    open.set_event_id(absl::StrCat("h", ++events_));
    open.mutable_published()->set_seconds(absl::ToUnixSeconds(now_) + events_);
    open.set_agency(dice_.One(kAgencies));
    open.mutable_matter()->set_agency("a");
    open.mutable_matter()->set_id(dice_.One(kMatters));
    if (dice_.Chance(60)) open.set_to_agency(dice_.One(kAgencies));
    open.set_part(dice_.One(kParts));
    if (dice_.Chance(10)) open.set_service_type("camhs");
    if (open.kind() == event::v1::KIND_HANDOVER_COMPLETED && dice_.Chance(25)) {
      *open.mutable_effective() = Around(24 * 4, 24 * 12);
    }
    if (!open.milestone().empty()) open.set_reason(dice_.Chance(70) ? "moved" : "full");
    return open;
  }

  Step Next(int child) {
    std::vector<event::v1::Open>& said = said_[child];
    event::v1::Open open = Make(child);
    if (!said.empty() && dice_.Chance(8)) {  // one of them was at another time, or never
      const event::v1::Open named = said[dice_.Below(said.size())];
      event::v1::Open again = named;
      again.set_event_id(open.event_id());
      *again.mutable_published() = open.published();
      *again.mutable_occurred() = open.occurred();
      again.mutable_corrects()->set_agency(named.agency());
      again.mutable_corrects()->set_event_id(named.event_id());
      again.mutable_corrects()->set_voids(dice_.Chance(40));
      if (!again.corrects().voids()) {
        again.mutable_corrects()->set_kind(named.kind());
        again.mutable_corrects()->set_milestone(named.milestone());
      }
      again.set_kind(event::v1::KIND_CORRECTION);
      again.clear_milestone();
      open = std::move(again);
    } else {
      said.push_back(open);
    }
    Said what("m1", "2026-03-20");
    what.open = std::move(open);
    Step step;
    step.what = Step::kEvent;
    step.written = now_;
    step.child = child;
    step.record = Story::RecordOf(what, Story::Child(child));
    return step;
  }

  Dice dice_;
  absl::Time now_;
  std::vector<std::vector<event::v1::Open>> said_;  // of each child; no corrections
  int events_ = 0;
};

}  // namespace

World MakeHoldingWorld(uint64_t seed, int children) {
  return Weaver(seed, children)
      .Weave(seed % 4 == 0 ? MakeRichWorld(seed, children) : MakeWorld(seed, children));
}

}  // namespace dolen::story
