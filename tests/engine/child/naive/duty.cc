#include "tests/engine/child/naive/duty.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dolen::second {

using pathway::v1::Pattern;
using pathway::v1::Rule;

// A moment comes after all that had happened by then.
Seen Sight::Before(const Entry& entry) const {
  if (entry.IsMoment()) return By(entry.span.from);
  Seen seen;
  for (const Entry& one : all) {
    if (Earlier(one, entry)) seen.push_back(&one);
  }
  return seen;
}
Seen Sight::UpTo(const Entry& entry) const {
  if (entry.IsMoment()) return By(entry.span.from);
  Seen seen;
  for (const Entry& one : all) {
    if (!Earlier(entry, one)) seen.push_back(&one);
  }
  return seen;
}
Seen Sight::By(absl::Time t) const {
  Seen seen;
  for (const Entry& one : all) {
    if (one.span.from <= t) seen.push_back(&one);
  }
  return seen;
}

Duty::Duty(const Version& version, const Sight& sight, std::vector<Entry> entries)
    : version_(version), sight_(sight) {
  std::sort(entries.begin(), entries.end(), Earlier);
  for (Entry& entry : entries) {
    if (!entry.IsMoment()) entries_.push_back(std::move(entry));
  }
  for (Entry& moment : entries) {
    if (!moment.IsMoment()) continue;
    auto after = entries_.end();
    while (after != entries_.begin() && std::prev(after)->span.from > moment.span.from) --after;
    entries_.insert(after, std::move(moment));
  }
}

bool Duty::IsStart(size_t i) const {
  return std::any_of(rule().start().begin(), rule().start().end(),
                     [&](const Pattern& start) { return Fits(start, i); });
}

// --- start

// The first match that is after a close.
std::optional<size_t> Duty::FirstMatch(const Pattern& pattern, absl::Time after) const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].span.from > after && Fits(pattern, i)) return i;
  }
  return std::nullopt;
}

void Duty::SetStart(std::vector<size_t> parts, Found& found) const {
  found.event = parts[0];
  found.start = {absl::InfinitePast(), absl::InfinitePast()};
  for (const size_t part : parts) {
    const Entry &entry = entries_[part], &latest = entries_[found.event];
    found.start = Later(found.start, entry.span);
    if (entry.span.from > latest.span.from ||
        (entry.span.from == latest.span.from && part > found.event)) {
      found.event = part;
    }
  }
  found.parts = std::move(parts);
}

std::optional<Found> Duty::StartAfter(absl::Time after) const {
  std::vector<size_t> parts;
  for (const Pattern& start : rule().start()) {
    const std::optional<size_t> first = FirstMatch(start, after);
    if (!first) return std::nullopt;
    parts.push_back(*first);
  }
  if (parts.empty()) return std::nullopt;
  Found found;
  SetStart(parts, found);
  Close(found);
  if (rule().which() == Rule::LAST) MoveToLast(found);
  return found;
}

// Each later match before the close moves the start, and the close is looked for again from there.
void Duty::MoveToLast(Found& found) const {
  for (bool moved = true; moved;) {
    moved = false;
    std::vector<size_t> parts = found.parts;
    for (size_t p = 0; p < parts.size(); ++p) {
      for (size_t i = parts[p] + 1; i < entries_.size(); ++i) {
        if (entries_[i].span.from > found.close.to || !Fits(rule().start(p), i)) continue;
        parts[p] = i;
        moved = true;
      }
    }
    if (!moved) return;
    SetStart(parts, found);
    Close(found);
  }
}

std::vector<Found> Duty::Find() const {
  std::vector<Found> all;
  if (rule().opens() == Rule::EACH) {
    for (size_t i = 0; i < entries_.size(); ++i) {
      if (rule().start_size() != 1 || !Fits(rule().start(0), i)) continue;
      Found found;
      SetStart({i}, found);
      Close(found);
      found.root = entries_[i].root;
      all.push_back(found);
    }
    return all;
  }
  absl::Time after = absl::InfinitePast();
  while (std::optional<Found> found = StartAfter(after)) {
    if (!all.empty()) found->root = entries_[all.back().closer].root;
    all.push_back(*found);
    if (rule().opens() == Rule::ONCE || found->close.IsNever()) break;
    after = found->close.to;
  }
  return all;
}

// --- close

// Whether a match of a stop or of the cancel is at or after the start.
bool Duty::Counts(size_t i, const Found& found) const {
  return i != found.event && entries_[i].span.to >= found.start.from &&
         (i > found.event || !IsStart(i));
}

void Duty::Close(Found& found) const {
  found.close = Span();
  found.closed_by = ClosedBy::kNothing;
  found.recorded = absl::InfinitePast();
  bool stopped = rule().stop_size() > 0;
  Span stop = {absl::InfinitePast(), absl::InfinitePast()};
  absl::Time latest = absl::InfinitePast();
  for (const Pattern& pattern : rule().stop()) {
    std::optional<size_t> met;
    for (size_t i = 0; i < entries_.size() && !met; ++i) {
      const bool earlier = i < found.event || entries_[i].span.to < found.start.from;
      const bool will_do = Counts(i, found) || (rule().done_before() && earlier && !IsStart(i));
      if (will_do && i != found.event && Fits(pattern, i)) met = i;
    }
    if (!met) {
      stopped = false;
      break;
    }
    // What was done before closes at the start.
    const bool before = !Counts(*met, found);
    const Span span = before ? found.start : entries_[*met].span;
    const size_t closer = before ? found.event : *met;
    stop = Later(stop, span);
    found.recorded = std::max(found.recorded, entries_[*met].recorded);
    if (span.from > latest || (span.from == latest && closer > found.closer)) {
      found.closer = closer;
      latest = span.from;
    }
  }
  std::optional<size_t> cancel;
  for (size_t i = 0; rule().has_cancel() && i < entries_.size() && !cancel; ++i) {
    if (Counts(i, found) && Fits(rule().cancel(), i)) cancel = i;
  }
  if (stopped && (!cancel || stop.from <= entries_[*cancel].span.to)) {
    found.close = stop;
    found.closed_by = ClosedBy::kStop;
  } else if (cancel) {
    found.close = entries_[*cancel].span;
    found.closed_by = ClosedBy::kCancel;
    found.closer = *cancel;
    found.recorded = entries_[*cancel].recorded;
  }
}

// --- what else is known of a clock

Subject Duty::SubjectOf(const Found& found) const {
  const event::v1::Open& open = entries_[found.event].open();
  Subject subject = {open.agency(), open.matter(), ""};
  if (std::count(rule().per().begin(), rule().per().end(), "thread") > 0) {
    subject.thread = sight_.threads.Of(open.matter());
  }
  return subject;
}

std::vector<Hold> Duty::HoldsOf() const {
  std::vector<Hold> all;
  std::vector<std::string> reasons;  // of each of them
  for (size_t i = 0; i < entries_.size(); ++i) {
    for (int c = 0; c < rule().pause_size(); ++c) {
      const pathway::v1::Pause& pause = rule().pause(c);
      const event::v1::Open& open = entries_[i].open();
      const auto& causes = pause.cause();
      if (!pause.has_begin() || !Fits(pause.begin(), i)) continue;
      if (!causes.empty() &&
          std::find(causes.begin(), causes.end(), open.reason()) == causes.end()) {
        continue;
      }
      Hold hold;
      hold.clause = c;
      hold.begin = entries_[i].span.from;
      bool again = false;
      for (size_t h = 0; h < all.size(); ++h) {
        again = again || (all[h].clause == c && reasons[h] == open.reason() &&
                          all[h].begin <= hold.begin && hold.begin < all[h].end);
      }
      if (again) continue;
      for (size_t j = i + 1; j < entries_.size() && hold.end == absl::InfiniteFuture(); ++j) {
        const std::string& reason = entries_[j].open().reason();
        const bool same = open.reason().empty() || reason.empty() || reason == open.reason();
        if (same && pause.has_end() && Fits(pause.end(), j)) hold.end = entries_[j].span.from;
      }
      if (open.has_until()) {
        const Span until = SpanOf(open.until(), ZoneOf(version_.zone));
        const bool day = open.until().has_day();
        hold.end = std::min(hold.end, day ? until.to + absl::Microseconds(1) : until.from);
      }
      hold.owner = open.owner().empty() ? pause.owner() : open.owner();
      all.push_back(hold);
      reasons.push_back(open.reason());
    }
  }
  return all;
}

std::vector<Basis> Duty::BasesOf(
    const google::protobuf::RepeatedPtrField<pathway::v1::Limit>& limits,
    const Found& found) const {
  std::vector<Basis> bases;
  const Seen seen = sight_.UpTo(entries_[found.event]);
  for (const pathway::v1::Limit& limit : limits) {
    Basis basis;
    basis.when = !limit.has_when() || FitsWhen(limit.when(), found.event);
    for (size_t i = 0; limit.from().has_event() && i < entries_.size() && !basis.event; ++i) {
      if (entries_[i].span.to >= found.start.from && Fits(limit.from().event(), i)) {
        basis.event = {entries_[i].span, entries_[i].open()};
      }
    }
    if (!limit.calendar_of().empty()) {
      basis.calendar_of =
          PartyOf(limit.calendar_of(), SubjectOf(found), seen, sight_.threads, sight_.library);
    }
    bases.push_back(basis);
  }
  return bases;
}

Question Duty::QuestionOf(const Found& found) const {
  Question question;
  question.rule = rule();
  question.zone = version_.zone;
  question.start = found.start;
  question.start_event = entries_[found.event].open();
  question.close = found.close.from;
  question.accountable =
      PartyOf(rule().accountable(), SubjectOf(found), sight_.UpTo(entries_[found.event]),
              sight_.threads, sight_.library);
  question.limits = BasesOf(rule().limit(), found);
  question.targets = BasesOf(rule().target(), found);
  question.holds = HoldsOf();
  return question;
}

}  // namespace dolen::second
