#include "engine/store/picture_sense.h"

namespace dolen {
namespace {

class Sense {
 public:
  Sense(const Picture& picture, const Books& books) : picture_(picture), books_(books) {}

  absl::string_view Fault() const {
    for (const Matter& matter : picture_.matters) {
      for (const Ask& ask : matter.asks) {
        if (ask.kind > AskKind::kDeclined) return "an ask of no kind";
      }
    }
    for (const Duty& duty : picture_.duties) {
      if (!IsMatterOrNone(duty.matter)) {
        return "a duty names a matter that is not there";
      }
      const RuleFamily& family = books_.families()[duty.family];
      for (const Clock& clock : duty.clocks) {
        if (!IsMatter(clock.matter)) return "a clock names a matter that is not there";
        if (!IsVersion(family, clock.version)) return "a clock names no version of its rule";
        if (static_cast<int>(clock.levels.size()) !=
            family.versions[clock.version].rule.level_size()) {
          return "a clock has other levels than its rule";
        }
      }
      for (const Hit& hit : duty.hits) {
        if (!IsUse(family, hit.version, hit.use)) return "a hit names no pattern of its rule";
        const bool is_start = family.versions[hit.version].uses[hit.use].role == PatternUse::kStart;
        if (is_start != hit.opening.has_value()) return "a start without its opening";
        if (is_start && !IsMatter(hit.opening->matter)) return "a start in no matter";
      }
      for (const Came& came : duty.came) {
        if (!IsUse(family, came.version, came.use)) return "a pattern that its rule does not have";
      }
      for (const Exception& one : duty.exceptions) {
        if (!IsVersion(family, one.version)) return "an exception from no version of its rule";
      }
      for (const Cursor& cursor : duty.cursors) {
        if (!IsVersion(family, cursor.version)) return "a cursor of no version of its rule";
      }
    }
    for (const Acting& one : picture_.acting) {
      if (!IsMatterOrNone(one.matter)) return "a party of a matter that is not there";
    }
    for (const Hold& one : picture_.holds) {
      if (!IsMatterOrNone(one.matter) || one.why > Hold::kCover)
        return "a holding that makes no sense";
    }
    return {};
  }

 private:
  int Matters() const { return static_cast<int>(picture_.matters.size()); }
  bool IsMatter(int matter) const { return 0 <= matter && matter < Matters(); }
  bool IsMatterOrNone(int matter) const { return matter == -1 || IsMatter(matter); }
  static bool IsVersion(const RuleFamily& family, int version) {
    return 0 <= version && version < static_cast<int>(family.versions.size());
  }
  static bool IsUse(const RuleFamily& family, int version, int use) {
    return IsVersion(family, version) && 0 <= use &&
           use < static_cast<int>(family.versions[version].uses.size());
  }

  const Picture& picture_;
  const Books& books_;
};

}  // namespace

absl::string_view FaultIn(const Picture& picture, const Books& books) {
  return Sense(picture, books).Fault();
}

}  // namespace dolen
