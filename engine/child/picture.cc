#include "engine/child/picture.h"

#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"

namespace dolen {
namespace {

bool IsPerChild(const RuleFamily& family) {
  const auto& per = family.versions.back().rule.per();
  return per.size() == 1 && per[0] == "child";
}

// Adds events to a picture, in order.
class Drawing {
 public:
  // `many` events are to come: once the picture is large, its matters and clocks are found by an
  // index. For one event, making the index would cost more than looking through them.
  Drawing(const Books& books, Picture& picture, bool many)
      : books_(books), picture_(picture), many_(many) {}

  void Add(const Event& event) {
    const int matter = MatterOf(event.open);
    const Matter& its = picture_.matters[matter];
    const bool answers = IsAnswer(event.open.kind());
    const std::string was_asked = answers ? its.asked : "";
    Take(event.open, picture_.matters[matter]);
    const Parties after{its.asker, its.asked};
    const Parties during{its.asker, answers ? was_asked : its.asked};
    for (const int index : books_.FamiliesOf(EventName(event.open))) {
      const RuleFamily& family = books_.families()[index];
      const bool per_child = IsPerChild(family);
      const int key = per_child ? kWholeChild : matter;
      if (Clock* known = FindClock(index, key)) {
        const bool was_started = known->started();
        Observe(event, during, after, books_, family, *known);
        if (per_child && !was_started && known->started()) known->matter = matter;
        continue;
      }
      Clock clock;
      clock.family = index;
      clock.matter = matter;
      Observe(event, during, after, books_, family, clock);
      if (!clock.started() && clock.parts.empty()) continue;
      if (indexed_) clock_at_.emplace(std::make_pair(index, key), picture_.clocks.size());
      picture_.clocks.push_back(std::move(clock));
    }
  }

 private:
  static constexpr int kWholeChild = -1;
  static constexpr size_t kFew = 64;

  // The matter an event belongs to; a new one where none has its name.
  int MatterOf(const event::v1::Open& open) {
    if (many_ && !indexed_ && picture_.matters.size() > kFew) Index();
    const int known = FindMatter(open.matter());
    if (known >= 0) return known;
    const int place = static_cast<int>(picture_.matters.size());
    Matter& matter = picture_.matters.emplace_back();
    matter.agency = open.matter().agency();
    matter.id = open.matter().id();
    if (indexed_) matter_at_.emplace(std::make_pair(matter.agency, matter.id), place);
    return place;
  }

  // -1: none. Looked through from the newest, which most events name.
  int FindMatter(const event::v1::Matter& named) const {
    if (indexed_) {
      const auto found = matter_at_.find(std::make_pair(named.agency(), named.id()));
      return found == matter_at_.end() ? -1 : found->second;
    }
    int i = static_cast<int>(picture_.matters.size()) - 1;
    while (i >= 0 && !picture_.matters[i].Is(named)) --i;
    return i;
  }

  Clock* FindClock(int family, int key) {
    if (indexed_) {
      const auto found = clock_at_.find({family, key});
      return found == clock_at_.end() ? nullptr : &picture_.clocks[found->second];
    }
    for (auto clock = picture_.clocks.rbegin(); clock != picture_.clocks.rend(); ++clock) {
      if (clock->family == family && (key == kWholeChild || clock->matter == key)) return &*clock;
    }
    return nullptr;
  }

  void Index() {
    indexed_ = true;
    for (size_t i = 0; i < picture_.matters.size(); ++i) {
      const Matter& matter = picture_.matters[i];
      matter_at_.emplace(std::make_pair(matter.agency, matter.id), static_cast<int>(i));
    }
    for (size_t i = 0; i < picture_.clocks.size(); ++i) {
      const Clock& clock = picture_.clocks[i];
      const bool per_child = IsPerChild(books_.families()[clock.family]);
      clock_at_.emplace(std::make_pair(clock.family, per_child ? kWholeChild : clock.matter), i);
    }
  }

  const Books& books_;
  Picture& picture_;
  const bool many_;
  bool indexed_ = false;
  absl::btree_map<std::pair<std::string, std::string>, int> matter_at_;
  absl::btree_map<std::pair<int, int>, size_t> clock_at_;  // by family and key
};

}  // namespace

Picture Draw(absl::Span<const Event> events, const Books& books) {
  Picture picture;
  picture.books = books.publications();
  Drawing drawing(books, picture, /*many=*/true);
  for (const Event& event : events) drawing.Add(event);
  return picture;
}

void Advance(const Event& event, const Books& books, Picture& picture) {
  Drawing(books, picture, /*many=*/false).Add(event);
}

std::string ClockName(const Picture& picture, const Clock& clock, const Books& books) {
  const RuleFamily& family = books.families()[clock.family];
  if (IsPerChild(family)) return absl::StrCat(family.id, "/child");
  return absl::StrCat(family.id, "/", picture.matters[clock.matter].Name());
}

}  // namespace dolen
