#include "engine/child/version_reading.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/child/due.h"
#include "engine/pathway/limits.h"

namespace dolen {
namespace {

using pathway::v1::Limit;
using pathway::v1::Rule;

// How a clock was closed.
struct Closing {
  Moment close;
  ClosedBy by = ClosedBy::kNothing;
  uint64_t root = 0;
  absl::Time recorded = absl::InfinitePast();
};

// When it was first overdue or late between two instants, on what had occurred by then.
absl::Time FirstBreach(const Clock& clock, absl::Time begin = absl::InfinitePast(),
                       absl::Time end = absl::InfiniteFuture()) {
  if (clock.close.from < clock.due) return absl::InfiniteFuture();
  absl::Time t = std::max({clock.due, clock.start.from, begin});
  if (t > clock.close.from) {
    // It was closed before it was known to be late.
    const bool is_late = t < end && !IsExcusedAt(clock, clock.close.from);
    return is_late ? t : absl::InfiniteFuture();
  }
  for (bool moved = true; moved && t < end;) {
    moved = false;
    for (const Excused& one : clock.excused) {
      if (one.from <= t && t < one.to) {
        t = one.to;
        moved = true;
      }
    }
  }
  return t < end && t <= clock.close.from ? t : absl::InfiniteFuture();
}

// Reads the clocks of one version, as if there were no other.
class VersionReader {
 public:
  VersionReader(const Books& books, const RuleFamily& family, int version, const Duty& duty,
                const Cursor& cursor, absl::Span<const Life> lives)
      : books_(books),
        version_(family.versions[version]),
        rule_(version_.rule),
        zone_(books.ZoneOf(version_)),
        number_(version),
        duty_(duty),
        cursor_(cursor),
        lives_(lives) {}

  VersionReading Run(absl::Span<const Hit> moments) {
    Gather(moments);
    pauses_ = Pauses();
    if (rule_.opens() == Rule::EACH) {
      ReadEach();
    } else {
      ReadInTurn();
    }
    return {std::move(hits_), std::move(candidates_), std::move(pending_), std::move(stops_),
            std::move(pauses_)};
  }

 private:
  // All pauses ever begun, in order; not clipped.
  std::vector<PauseHits> Pauses() const {
    std::vector<PauseHits> pauses;
    for (int i = 0; i < static_cast<int>(hits_.size()); ++i) {
      const PatternUse& use = UseOf(i);
      if (use.role == PatternUse::kPauseBegin) {
        Begin(i, use.index, pauses);
      } else if (use.role == PatternUse::kPauseEnd) {
        End(i, use.index, pauses);
      }
    }
    return pauses;
  }

  const PatternUse& UseOf(int at) const { return version_.uses[hits_[at]->use]; }

  // Moments come after all events of the same instant.
  void Gather(absl::Span<const Hit> moments) {
    for (const Hit& hit : duty_.hits) {
      if (hit.version == number_) hits_.push_back(&hit);
    }
    for (const Hit& moment : moments) {
      if (moment.version != number_) continue;
      auto place = hits_.end();
      while (place != hits_.begin() && (*std::prev(place))->moment.from > moment.moment.from) {
        --place;
      }
      hits_.insert(place, &moment);
    }
    stops_.resize(rule_.stop_size());
    froms_.resize(rule_.limit_size() + rule_.target_size());
    for (int i = 0; i < static_cast<int>(hits_.size()); ++i) {
      const PatternUse& use = UseOf(i);
      if (use.role == PatternUse::kStart) starts_.push_back(i);
      if (use.role == PatternUse::kStop) stops_[use.index].push_back(i);
      if (use.role == PatternUse::kCancel) cancels_.push_back(i);
      if (use.role == PatternUse::kFrom) froms_[use.index].push_back(i);
    }
  }

  void Begin(int at, int clause, std::vector<PauseHits>& pauses) const {
    const Hit& hit = *hits_[at];
    for (const PauseHits& other : pauses) {
      const bool same = other.pause.clause == clause && hits_[other.used[0]]->cause == hit.cause;
      if (same && hit.moment.from < other.pause.to) return;
    }
    pauses.push_back({{hit.moment.from, hit.until, clause, hit.owner}, {at}});
  }

  void End(int at, int clause, std::vector<PauseHits>& pauses) const {
    const Hit& hit = *hits_[at];
    for (PauseHits& one : pauses) {
      const std::string& cause = hits_[one.used[0]]->cause;
      const bool same = hit.cause.empty() || cause.empty() || hit.cause == cause;
      if (one.pause.clause != clause || !same || one.used.size() > 1) continue;
      if (hit.moment.from >= one.pause.to) continue;
      one.pause.to = hit.moment.from;
      one.used.push_back(at);
    }
  }

  void ReadEach() {
    std::vector<uint64_t> settled;  // roots
    for (const Clock& clock : duty_.clocks) {
      if (clock.settled && clock.closed_by != ClosedBy::kVoided) settled.push_back(clock.root);
    }
    std::sort(settled.begin(), settled.end());
    std::set<uint64_t> opened;
    for (const int at : starts_) {
      const uint64_t root = hits_[at]->root;
      // Events of several kinds may share an occasion: of one identity the earlier start counts.
      if (std::binary_search(settled.begin(), settled.end(), root) || opened.count(root) > 0) {
        continue;
      }
      Open({at}, root);
      if (candidates_.back().opening->judged) opened.insert(root);
    }
  }

  // ONCE and AGAIN: one clock at a time.
  void ReadInTurn() {
    if (cursor_.done) return;
    uint64_t root = cursor_.root;
    absl::Time breached = cursor_.breached;
    after_ = cursor_.after;
    while (OpenNext(root, breached)) {
      Candidate& candidate = candidates_.back();
      candidate.moved_breach = breached;
      if (rule_.opens() == Rule::ONCE || candidate.clock.closed_by == ClosedBy::kNothing) return;
      after_ = candidate.clock.close.to();
      root = candidate.close_root;
      breached = absl::InfiniteFuture();
    }
  }

  // The next clock that starts after the last one, if there is one. `breached`: when an earlier
  // start of it was, before the start moved.
  bool OpenNext(uint64_t root, absl::Time& breached) {
    std::vector<int> parts(rule_.start_size(), -1);
    bool is_open = false;
    for (const int at : starts_) {
      const Hit& hit = *hits_[at];
      if (hit.moment.from <= after_) continue;
      int& part = parts[UseOf(at).index];
      if (is_open) {
        if (rule_.which() == Rule::FIRST) break;
        if (hit.moment.from > candidates_.back().clock.close.to()) break;
        const Candidate& before = candidates_.back();
        if (before.opening->judged) {
          breached =
              std::min(breached, FirstBreach(before.clock, absl::InfinitePast(), hit.moment.from));
        }
        candidates_.pop_back();
        is_open = false;
      } else if (rule_.which() == Rule::FIRST && part >= 0) {
        continue;
      }
      part = at;
      if (std::find(parts.begin(), parts.end(), -1) != parts.end()) continue;
      Open(parts, root);
      is_open = true;
    }
    if (!is_open) {
      for (const int part : parts) {
        if (part >= 0) pending_.push_back(part);
      }
    }
    return is_open;
  }

  void Open(const std::vector<int>& parts, uint64_t root) {
    Candidate& candidate = candidates_.emplace_back();
    candidate.used = parts;
    Clock& clock = candidate.clock;
    clock.root = root;
    // The start event is the one of the latest part.
    int first = parts[0];
    clock.start = hits_[first]->moment;
    candidate.is_void = hits_[first]->is_void;
    for (size_t i = 1; i < parts.size(); ++i) {
      const Hit& part = *hits_[parts[i]];
      const Hit& latest = *hits_[first];
      if (std::make_pair(part.moment.from, parts[i]) > std::make_pair(latest.moment.from, first)) {
        first = parts[i];
      }
      clock.start = Later(clock.start, part.moment);
      candidate.is_void |= part.is_void;
    }
    candidate.opening = &*hits_[first]->opening;
    clock.version = number_;
    clock.matter = candidate.opening->matter;
    clock.starter = candidate.opening->starter;
    clock.backfill = candidate.opening->backfill;
    const Closing closing = Close(first, clock.start, candidate.used);
    clock.close = closing.close;
    clock.closed_by = closing.by;
    clock.close_recorded = closing.recorded;
    candidate.close_root = closing.root;
    Compute(candidate);
  }

  // Whether a stop or cancel counts for a clock that starts at `start` with the hit `first`.
  bool Counts(int at, int first, const Moment& start) const {
    const Hit& hit = *hits_[at];
    if (hit.event == hits_[first]->event || hit.moment.to() < start.from) return false;
    return at > first || !hit.starts;
  }

  // The first of `places` that counts; -1: none. Those long before the start are passed over.
  int FirstOf(const std::vector<int>& places, int first, const Moment& start) const {
    auto at = std::lower_bound(places.begin(), places.end(), first);
    while (at != places.begin() && hits_[*std::prev(at)]->moment.to() + kReach >= start.from) --at;
    for (; at != places.end(); ++at) {
      if (Counts(*at, first, start)) return *at;
    }
    return -1;
  }

  Closing Close(int first, const Moment& start, std::vector<int>& used) const {
    Closing stop;
    stop.close = {absl::InfinitePast(), {}};
    bool met = rule_.stop_size() > 0;
    int latest = -1;
    for (const std::vector<int>& stops : stops_) {
      Moment moment;
      int at = EarlierStop(stops, first);
      if (at >= 0) {
        moment = start;
      } else {
        at = FirstOf(stops, first, start);
        if (at >= 0) moment = hits_[at]->moment;
      }
      if (at < 0) {
        met = false;
        continue;
      }
      used.push_back(at);
      if (latest < 0 || moment.from >= stop.close.from) latest = at;
      stop.close = Later(stop.close, moment);
      stop.recorded = std::max(stop.recorded, hits_[at]->recorded);
    }
    const int cancel = FirstOf(cancels_, first, start);
    if (cancel >= 0) used.push_back(cancel);
    // At one instant, or where precision cannot tell, the stop wins.
    if (met && (cancel < 0 || stop.close.from <= hits_[cancel]->moment.to())) {
      return {stop.close, ClosedBy::kStop, hits_[latest]->root, stop.recorded};
    }
    if (cancel < 0) return {};
    const Hit& hit = *hits_[cancel];
    return {hit.moment, ClosedBy::kCancel, hit.root, hit.recorded};
  }

  // done_before: a stop that occurred before the start, and started nothing itself. -1: none.
  int EarlierStop(const std::vector<int>& stops, int first) const {
    if (!rule_.done_before()) return -1;
    for (const int at : stops) {
      const Hit& hit = *hits_[at];
      if (hit.moment.from <= after_ || hit.event == hits_[first]->event || hit.starts) continue;
      return hit.moment.to() < hits_[first]->moment.from ? at : -1;
    }
    return -1;
  }

  void Compute(Candidate& candidate) {
    Clock& clock = candidate.clock;
    if (version_.is_plain && Reuse(clock)) return;
    const std::vector<Base> bases = Bases(candidate);
    const std::vector<Pause> pauses = PausesOf(clock);
    const std::vector<Life> others = Others(clock);
    Take({rule_, zone_, clock.start, bases, pauses, others}, clock);
    clock.breached_at = FirstBreach(clock);
    if (version_.is_plain) return;
    // A limit that counts from a later event said nothing before it.
    std::set<absl::Time> said;
    for (const Base& base : bases) {
      if (base.speaks() && base.said.from > clock.start.from) said.insert(base.said.from);
    }
    if (said.empty()) return;
    clock.breached_at = absl::InfiniteFuture();
    absl::Time begin = clock.start.from;
    said.insert(absl::InfiniteFuture());
    for (const absl::Time end : said) {
      std::vector<Base> by_then = bases;
      for (Base& base : by_then) {
        if (base.said.from > begin) base.at = Moment();
      }
      Clock then = clock;
      Take({rule_, zone_, clock.start, by_then, pauses, others}, then);
      clock.breached_at = std::min(clock.breached_at, FirstBreach(then, begin, end));
      begin = end;
    }
  }

  // Pauses within the clock's life, by begin.
  std::vector<Pause> PausesOf(const Clock& clock) const {
    std::vector<Pause> pauses;
    for (const PauseHits& one : pauses_) {
      Pause pause = one.pause;
      pause.from = std::max(pause.from, clock.start.from);
      pause.to = std::min(pause.to, clock.close.from);
      if (pause.from < pause.to) pauses.push_back(std::move(pause));
    }
    std::stable_sort(pauses.begin(), pauses.end(),
                     [](const Pause& a, const Pause& b) { return a.from < b.from; });
    return pauses;
  }

  void Take(const DueQuestion& question, Clock& clock) const {
    DueTimes times = DueTimesOf(question);
    clock.due = times.due;
    clock.target = times.target;
    clock.levels = std::move(times.levels);
    clock.no_calendar = times.no_calendar;
    clock.held = times.held;
    clock.stood = Owned(times.standing, question.pauses);
    clock.charged = Owned(times.charged, question.pauses);
    clock.excused.clear();
    clock.silent_from = absl::InfiniteFuture();
    Excuse(clock);
  }

  // A plain clock's due time hangs on its start alone.
  bool Reuse(Clock& clock) const {
    // They stand by start.
    auto at = std::lower_bound(
        duty_.clocks.begin(), duty_.clocks.end(), clock.start.from,
        [](const Clock& known, absl::Time start) { return known.start.from < start; });
    for (; at != duty_.clocks.end() && at->start.from == clock.start.from; ++at) {
      const Clock& known = *at;
      if (known.settled || known.version != clock.version || known.start != clock.start ||
          known.starter != clock.starter || known.root != clock.root) {
        continue;
      }
      clock.due = known.due;
      clock.target = known.target;
      clock.levels = known.levels;
      clock.no_calendar = known.no_calendar;
      clock.breached_at = FirstBreach(clock);
      return true;
    }
    return false;
  }

  std::vector<Base> Bases(Candidate& candidate) const {
    std::vector<Base> bases;
    const auto add = [&](const Limit& limit, int i) {
      Base& base = bases.emplace_back();
      const Opening& opening = *candidate.opening;
      if (limit.has_when() && (opening.when >> i & 1) == 0) return;
      if (limit.from().has_event()) {
        bool any_came = false;
        for (const int at : froms_[i]) {
          if (hits_[at]->moment.to() < candidate.clock.start.from) continue;
          base.at = hits_[at]->base;
          base.said = hits_[at]->moment;
          candidate.used.push_back(at);
          any_came = true;
          break;
        }
        candidate.waits |= !any_came;
      } else if (!limit.from().field().empty()) {
        if (i < static_cast<int>(opening.fields.size())) base.at = opening.fields[i];
      } else {
        base.at = candidate.clock.start;
      }
      if (!limit.from().has_event()) base.said = candidate.clock.start;
      const bool has_own =
          i < static_cast<int>(opening.calendars.size()) && !opening.calendars[i].empty();
      const std::string& agency = has_own ? opening.calendars[i] : opening.accountable;
      base.working_days = books_.WorkingDaysOf(agency);
      base.school_days = books_.SchoolDaysOf(agency);
    };
    ForEachLimit(rule_, add);
    return bases;
  }

  // Instances that started before this one, for limits with a window.
  std::vector<Life> Others(const Clock& clock) const {
    std::vector<Life> others;
    for (const Life& life : lives_) {
      if (life.from < clock.start.from) others.push_back(life);
    }
    return others;
  }

  static std::vector<Stood> Owned(const std::vector<Held>& held, absl::Span<const Pause> pauses) {
    std::vector<Stood> stood;
    for (const Held& one : held) {
      stood.push_back({one.from, one.to, pauses[one.pause].owner});
    }
    return stood;
  }

  void Excuse(Clock& clock) const {
    for (const Exception& exception : duty_.exceptions) {
      if (exception.version != number_ || exception.moment.to() < clock.start.from ||
          exception.moment.from > clock.close.to() ||
          (!exception.starter.empty() && exception.starter != clock.starter)) {
        continue;
      }
      if (exception.moment.from >= clock.due) {
        clock.silent_from = std::min(clock.silent_from, exception.moment.from);
      } else if (exception.moment.from < exception.until) {
        clock.excused.push_back({exception.moment.from, exception.until});
      }
    }
  }

  const Books& books_;
  const RuleVersion& version_;
  const Rule& rule_;
  const Zone& zone_;
  const int number_;
  const Duty& duty_;
  const Cursor& cursor_;
  const absl::Span<const Life> lives_;
  absl::Time after_ = absl::InfinitePast();  // the last close
  std::vector<const Hit*> hits_;
  std::vector<int> starts_, cancels_;
  std::vector<std::vector<int>> stops_, froms_;
  std::vector<Candidate> candidates_;
  std::vector<int> pending_;
  std::vector<PauseHits> pauses_;
};

}  // namespace

VersionReading ReadVersion(const Books& books, int version, const Duty& duty,
                           absl::Span<const Hit> moments, const Cursor& cursor,
                           absl::Span<const Life> lives) {
  return VersionReader(books, books.families()[duty.family], version, duty, cursor, lives)
      .Run(moments);
}

}  // namespace dolen
