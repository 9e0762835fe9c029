#include "engine/child/picture.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/child/drawing.h"
#include "engine/child/holding.h"
#include "engine/child/key.h"
#include "engine/child/live.h"
#include "engine/child/party.h"

namespace dolen {
namespace {

// The clocks that voided starts would have opened stay as ghosts, unless their identity lives.
void AddGhosts(const Picture& with_voided, Picture& picture) {
  for (const Duty& shown : with_voided.duties) {
    for (const Clock& clock : shown.clocks) {
      if (clock.closed_by != ClosedBy::kVoided) continue;
      const auto matter_of = [&](int matter) {
        const Matter& wanted = with_voided.matters[matter];
        for (size_t i = 0; i < picture.matters.size(); ++i) {
          if (picture.matters[i].agency == wanted.agency && picture.matters[i].id == wanted.id) {
            return static_cast<int>(i);
          }
        }
        picture.matters.push_back(wanted);
        picture.matters.back().asks.clear();
        return static_cast<int>(picture.matters.size()) - 1;
      };
      const int key = shown.matter < 0 ? -1 : matter_of(shown.matter);
      auto duty = std::find_if(picture.duties.begin(), picture.duties.end(), [&](const Duty& one) {
        return one.family == shown.family && one.matter == key && one.key == shown.key;
      });
      if (duty == picture.duties.end()) {
        Duty& fresh = picture.duties.emplace_back();
        fresh.family = shown.family;
        fresh.matter = key;
        fresh.key = shown.key;
        duty = std::prev(picture.duties.end());
      }
      const bool lives = std::any_of(duty->clocks.begin(), duty->clocks.end(),
                                     [&](const Clock& one) { return one.root == clock.root; });
      if (lives) continue;
      Clock& ghost = duty->clocks.emplace_back();
      ghost.version = clock.version;
      ghost.root = clock.root;
      ghost.matter = matter_of(clock.matter);
      ghost.closed_by = ClosedBy::kVoided;
      ghost.settled = true;
      ghost.start = clock.start;
      ghost.levels.assign(clock.levels.size(), absl::InfiniteFuture());
      ghost.starter = clock.starter;
      ghost.backfill = clock.backfill;
    }
  }
}

bool Continues(const Picture& picture, const event::v1::Matter& named) {
  return std::any_of(picture.matters.begin(), picture.matters.end(), [&](const Matter& matter) {
    return matter.continues() && matter.continues_agency == named.agency() &&
           matter.continues_id == named.id();
  });
}

bool Sleeps(const Picture& picture, const event::v1::Matter& named) {
  return !picture.asleep.empty() && std::binary_search(picture.asleep.begin(), picture.asleep.end(),
                                                       MatterId(named.agency(), named.id()));
}

// Whether it says that responsibility passed well before it occurred. Whose minutes those were may
// have been counted, and forgotten with their clock (forget.h).
bool PassedLongAgo(const Event& event) {
  return event.open.has_effective() && ChangesHolding(event.open.kind()) &&
         EffectiveOf(event).at < event.Occurred() - absl::Hours(24);
}

// Whether the event changes what earlier ones mean, or asks for what was forgotten.
bool ChangesThePast(const Event& event, const Books& books, const Picture& picture) {
  const event::v1::Open& open = event.open;
  if (picture.has_voided || event.Occurred() <= picture.corrected_to) return true;
  if (Sleeps(picture, open.matter()) || PassedLongAgo(event)) return true;
  if (open.has_continues()) {
    if (Sleeps(picture, open.continues())) return true;
    const auto its = std::find_if(picture.matters.begin(), picture.matters.end(),
                                  [&](const Matter& matter) { return matter.Is(open.matter()); });
    if (its == picture.matters.end() ? Continues(picture, open.matter()) : !its->continues()) {
      return true;
    }
  }
  return books.reads_birth() && !open.birth_month().empty() && !picture.matters.empty() &&
         open.birth_month() != picture.birth_month;
}

}  // namespace

Picture Draw(absl::Span<const Event> events, const Books& books) {
  if (std::none_of(events.begin(), events.end(), IsCorrection)) {
    return DrawLive(events, books, {});
  }
  Picture picture = DrawFrom(Corrected(events), books);
  if (std::any_of(events.begin(), events.end(), IsOwnCorrection)) {
    for (const Event& event : events) {
      picture.corrected_to = std::max(picture.corrected_to, event.Occurred());
    }
  }
  return picture;
}

Picture DrawFrom(Live live, const Books& books) {
  Picture picture = DrawLive(live.events, books, {});
  picture.awaited = std::move(live.awaited);
  picture.has_voided = !live.voided.empty();
  if (!picture.has_voided) return picture;
  std::set<uint64_t> voided;
  for (const Event& event : live.voided) voided.insert(event.Root());
  std::vector<Event> all = std::move(live.events);
  std::move(live.voided.begin(), live.voided.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end(),
            [](const Event& a, const Event& b) { return a.Order() < b.Order(); });
  AddGhosts(DrawLive(all, books, voided), picture);
  return picture;
}

Picture DrawAsOf(absl::Span<const Event> events, const Books& books, absl::Time t,
                 const Zone& zone) {
  Live live = Corrected(events);
  DropLater(t, zone, live);
  return DrawFrom(std::move(live), books);
}

bool Advance(const Event& event, const Books& books, Picture& picture) {
  const bool is_awaited =
      std::binary_search(picture.awaited.begin(), picture.awaited.end(), event.Root());
  if (IsOwnCorrection(event) || is_awaited) return false;
  const bool is_dispute = IsCorrection(event);
  if (!is_dispute && ChangesThePast(event, books, picture)) return false;
  if (!is_dispute && books.reads_birth() && !event.open.birth_month().empty()) {
    picture.birth_month = event.open.birth_month();
  }
  if (!is_dispute) DrawOne(event, books, picture);
  if (picture.corrected_to != absl::InfinitePast()) {
    picture.corrected_to = std::max(picture.corrected_to, event.Occurred());
  }
  return true;
}

std::string ClockName(const Picture& picture, const Duty& duty, const Clock& clock,
                      const Books& books) {
  std::string name = absl::StrCat(books.families()[duty.family].id, "/");
  if (duty.matter >= 0) {
    absl::StrAppend(&name, picture.matters[duty.matter].Name());
  } else {
    absl::StrAppend(&name, duty.key.empty() ? "child" : duty.key);
  }
  if (clock.root != 0) absl::StrAppendFormat(&name, "/%016x", clock.root);
  return name;
}

std::string AgencyAt(absl::string_view party, const Picture& picture, const Duty& duty,
                     const Clock& clock, const Books& books, absl::Time t) {
  const RuleFamily& family = books.families()[duty.family];
  return AgencyOf(party,
                  {picture, books.ZoneOf(family.versions[clock.version]), clock.matter,
                   IsPer(family, "thread") ? absl::string_view(duty.key) : absl::string_view(),
                   clock.starter, t});
}

std::string WaitsFor(absl::string_view accountable, const Picture& picture, const Duty& duty,
                     const Clock& clock, const Books& books) {
  std::string asker = AgencyAt("asker", picture, duty, clock, books);
  if (asker != "asker" && asker != accountable) return asker;
  return clock.starter == accountable ? "" : clock.starter;
}

}  // namespace dolen
