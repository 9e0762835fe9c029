// A child's state in which every member has any value that makes sense, and one that differs from
// another in one value.
#ifndef DOLEN_TESTS_ENGINE_STORE_ANY_STATE_H_
#define DOLEN_TESTS_ENGINE_STORE_ANY_STATE_H_

#include <cstdint>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "engine/base/time.h"
#include "engine/pathway/books.h"
#include "engine/store/child_row.h"
#include "tests/engine/store/every_member.h"

namespace dolen {

// How many values an enumeration of a state has.
inline int ValuesOf(AskKind) { return static_cast<int>(AskKind::kDeclined) + 1; }
inline int ValuesOf(ClosedBy) { return static_cast<int>(ClosedBy::kVoided) + 1; }
inline int ValuesOf(Hold::Why) { return Hold::kCover + 1; }
inline int ValuesOf(alert::v1::State) { return alert::v1::State_MAX + 1; }
inline int ValuesOf(alert::v1::Answer::Kind) { return alert::v1::Answer::Kind_MAX + 1; }

class AnyState {
 public:
  AnyState(uint64_t seed, const Books& books) : random_(seed), books_(books) {}

  int Below(int bound) { return static_cast<int>(random_() % bound); }
  std::string Name() { return std::string(Below(4), static_cast<char>('a' + Below(26))); }
  // Before 1970 too.
  absl::Time Time() {
    return FromMicros(static_cast<int64_t>(random_() % (1ull << 52)) - (1ll << 51));
  }
  absl::Time TimeOrNever() {
    const int dice = Below(8);
    return dice == 0 ? absl::InfinitePast() : dice < 3 ? absl::InfiniteFuture() : Time();
  }

  Picture APicture() {
    Picture picture;
    picture.matters.resize(1 + Below(3));
    EveryMember(*this, picture);
    MakeSense(picture);
    return picture;
  }

  ChildState Make(int events) {
    ChildState state;
    std::vector<History::Entry> entries;
    for (int i = 0; i < events; ++i) {
      entries.push_back({i * 7, static_cast<uint32_t>(random_())});
    }
    if (events > 0) state.history.Restore(entries, {Time(), Below(3), Name(), random_(), Name()});
    state.picture = APicture();
    EveryMember(*this, state.alerts);
    for (Told& told : state.alerts) {
      told.rule = "P";
      told.version = 0;
      if (told.state == alert::v1::STATE_UNSPECIFIED) told.state = alert::v1::STATE_RAISED;
    }
    state.aside = Below(3);
    state.alert_pages = Below(3);
    state.figure_pages = Below(3);
    state.next_due = TimeOrNever();
    return state;
  }

  // For EveryMember.
  void Family(int& family) { family = Below(static_cast<int>(books_.families().size())); }
  template <typename T>
  void Vector(std::vector<T>& all) {
    if (all.empty()) all.resize(Below(3));
  }
  template <typename T>
  void Optional(absl::optional<T>& value) {
    if (Below(2) == 0) value.emplace();
  }
  template <typename T>
  void Value(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = Name();
    } else if constexpr (std::is_same_v<T, absl::Time>) {
      value = TimeOrNever();
    } else if constexpr (std::is_same_v<T, absl::Duration>) {
      value = absl::Microseconds(Below(2) * Below(1000000));
    } else if constexpr (std::is_same_v<T, bool>) {
      value = Below(2) == 0;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(Below(ValuesOf(value)));
    } else {
      value = Below(3) == 0 ? T{0} : static_cast<T>(random_() & 0x7FFFFFFF);
    }
  }

 private:
  // Every index leads somewhere, as in any state that the engine makes.
  void MakeSense(Picture& picture) {
    const int matters = static_cast<int>(picture.matters.size());
    for (Duty& duty : picture.duties) {
      const RuleFamily& family = books_.families()[duty.family];
      const int versions = static_cast<int>(family.versions.size());
      const auto use_of = [&](int version) {
        return Below(static_cast<int>(family.versions[version].uses.size()));
      };
      duty.matter = Below(matters + 1) - 1;
      for (Clock& clock : duty.clocks) {
        clock.version = Below(versions);
        clock.matter = Below(matters);
        clock.levels.resize(family.versions[clock.version].rule.level_size());
        for (absl::Time& level : clock.levels) level = TimeOrNever();
      }
      for (Hit& hit : duty.hits) {
        hit.version = Below(versions);
        hit.use = use_of(hit.version);
        const PatternUse& use = family.versions[hit.version].uses[hit.use];
        if (use.role != PatternUse::kStart) hit.opening = absl::nullopt;
        if (use.role == PatternUse::kStart && !hit.opening) {
          EveryMember(*this, hit.opening.emplace());
        }
        if (hit.opening) hit.opening->matter = Below(matters);
      }
      for (Came& came : duty.came) {
        came.version = Below(versions);
        came.use = use_of(came.version);
      }
      for (Exception& one : duty.exceptions) one.version = Below(versions);
      for (Cursor& cursor : duty.cursors) cursor.version = Below(versions);
    }
    for (Acting& one : picture.acting) one.matter = Below(matters + 1) - 1;
    for (Hold& one : picture.holds) one.matter = Below(matters + 1) - 1;
  }

  std::mt19937_64 random_;
  const Books& books_;
};

// Changes the nth value that EveryMember visits. A list changes by one item at its end.
class ChangeOne {
 public:
  ChangeOne(int n, int families) : left_(n), families_(families) {}
  // Whether there were so many values.
  bool is_changed() const { return left_ < 0; }

  void Family(int& family) {
    if (left_-- == 0) family = (family + 1) % families_;
  }
  template <typename T>
  void Vector(std::vector<T>& all) {
    if (left_-- == 0) all.emplace_back();
  }
  template <typename T>
  void Optional(absl::optional<T>& value) {
    if (left_-- != 0) return;
    if (value) {
      value.reset();
    } else {
      value.emplace();
    }
  }
  template <typename T>
  void Value(T& value) {
    if (left_-- != 0) return;
    if constexpr (std::is_same_v<T, std::string>) {
      value += "+";
    } else if constexpr (std::is_same_v<T, absl::Time>) {
      const bool is_set = value != absl::InfiniteFuture() && value != absl::InfinitePast();
      value = is_set ? value + absl::Microseconds(1) : absl::UnixEpoch();
    } else if constexpr (std::is_same_v<T, absl::Duration>) {
      value += absl::Microseconds(1);
    } else if constexpr (std::is_same_v<T, bool>) {
      value = !value;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>((static_cast<int>(value) + 1) % ValuesOf(value));
    } else {
      ++value;
    }
  }

 private:
  int left_;
  const int families_;
};

}  // namespace dolen

#endif  // DOLEN_TESTS_ENGINE_STORE_ANY_STATE_H_
