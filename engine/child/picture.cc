#include "engine/child/picture.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace dolen {
namespace {

// The matter an event belongs to; a new one where none has its name. Searched from the newest,
// which most events name.
int MatterOf(const event::v1::Open& open, Picture& picture) {
  for (int i = static_cast<int>(picture.matters.size()) - 1; i >= 0; --i) {
    if (picture.matters[i].Is(open.matter())) return i;
  }
  Matter matter;
  matter.agency = open.matter().agency();
  matter.id = open.matter().id();
  picture.matters.push_back(std::move(matter));
  return static_cast<int>(picture.matters.size()) - 1;
}

bool IsPerChild(const RuleFamily& family) {
  const auto& per = family.versions.back().rule.per();
  return per.size() == 1 && per[0] == "child";
}

Clock* FindClock(int family, int matter, bool per_child, Picture& picture) {
  for (auto clock = picture.clocks.rbegin(); clock != picture.clocks.rend(); ++clock) {
    if (clock->family == family && (per_child || clock->matter == matter)) return &*clock;
  }
  return nullptr;
}

}  // namespace

Picture Draw(absl::Span<const Event> events, const Books& books) {
  Picture picture;
  picture.books = books.publications();
  for (const Event& event : events) Advance(event, books, picture);
  return picture;
}

void Advance(const Event& event, const Books& books, Picture& picture) {
  const int matter = MatterOf(event.open, picture);
  const Matter& its = picture.matters[matter];
  const bool answers = IsAnswer(event.open.kind());
  const std::string was_asked = answers ? its.asked : "";
  Take(event.open, picture.matters[matter]);
  const Parties after{its.asker, its.asked};
  const Parties during{its.asker, answers ? was_asked : its.asked};
  for (const int index : books.FamiliesOf(EventName(event.open))) {
    const RuleFamily& family = books.families()[index];
    const bool per_child = IsPerChild(family);
    if (Clock* known = FindClock(index, matter, per_child, picture)) {
      const bool was_started = known->started();
      Observe(event, during, after, books, family, *known);
      if (per_child && !was_started && known->started()) known->matter = matter;
      continue;
    }
    Clock clock;
    clock.family = index;
    clock.matter = matter;
    Observe(event, during, after, books, family, clock);
    if (clock.started() || !clock.parts.empty()) picture.clocks.push_back(std::move(clock));
  }
}

std::string ClockName(const Picture& picture, const Clock& clock, const Books& books) {
  const RuleFamily& family = books.families()[clock.family];
  if (IsPerChild(family)) return absl::StrCat(family.id, "/child");
  return absl::StrCat(family.id, "/", picture.matters[clock.matter].Name());
}

}  // namespace dolen
