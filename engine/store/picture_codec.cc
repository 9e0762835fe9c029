#include "engine/store/picture_codec.h"

#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/time.h"
#include "engine/store/picture_sense.h"

namespace dolen {
namespace {

// Differences are taken modulo 2^64, so that damaged ones lead somewhere and not into undefined
// behaviour; zigzag, so that small negative ones are small numbers.
uint64_t ZigZag(uint64_t difference) {
  return difference << 1 ^ (difference >> 63 != 0 ? ~uint64_t{0} : 0);
}
uint64_t UnZigZag(uint64_t number) { return number >> 1 ^ (~(number & 1) + 1); }

// Puts values into the stream.
class Writer {
 public:
  template <typename T>
  using Ref = const T&;
  static constexpr bool kReads = false;

  Writer(NameWriter& names, const Books& books, google::protobuf::RepeatedField<uint64_t>& numbers)
      : names_(names), books_(books), numbers_(numbers) {}

  template <typename Number>
  void Int(const Number& number) {
    numbers_.Add(static_cast<uint64_t>(number));
  }
  void Name(const std::string& name) { Int(names_.PlaceOf(name)); }
  // 0 never, 1 since ever, else the time after the one before it in the stream.
  void Time(const absl::Time& time) {
    if (time == absl::InfiniteFuture()) return Int(0);
    if (time == absl::InfinitePast()) return Int(1);
    const uint64_t micros = static_cast<uint64_t>(Micros(time));
    // Micros of real times are far from the ends, so 2 more never run over.
    Int(ZigZag(micros - before_) + 2);
    before_ = micros;
  }
  void Span(const absl::Duration& span) { Int(absl::ToInt64Microseconds(span)); }
  template <typename T, typename One>
  void Each(const std::vector<T>& all, const One& one) {
    Int(all.size());
    for (const T& item : all) one(item);
  }
  void Family(const int& family) { Name(books_.families()[family].id); }
  uint64_t Flags(uint64_t flags) {
    Int(flags);
    return flags;
  }

 private:
  NameWriter& names_;
  const Books& books_;
  google::protobuf::RepeatedField<uint64_t>& numbers_;
  uint64_t before_ = 0;
};

// Takes values from the stream, in the same order.
class Reader {
 public:
  template <typename T>
  using Ref = T&;
  static constexpr bool kReads = true;

  Reader(NameReader& names, const Books& books,
         const google::protobuf::RepeatedField<uint64_t>& numbers)
      : names_(names), books_(books), numbers_(numbers) {}

  template <typename Number>
  void Int(Number& number) {
    number = static_cast<Number>(Next());
  }
  void Name(std::string& name) { name = names_.At(static_cast<uint32_t>(Next())); }
  void Time(absl::Time& time) {
    const uint64_t number = Next();
    if (number < 2) {
      time = number == 0 ? absl::InfiniteFuture() : absl::InfinitePast();
      return;
    }
    before_ += UnZigZag(number - 2);
    time = FromMicros(static_cast<int64_t>(before_));
  }
  void Span(absl::Duration& span) { span = absl::Microseconds(static_cast<int64_t>(Next())); }
  template <typename T, typename One>
  void Each(std::vector<T>& all, const One& one) {
    const uint64_t count = Next();
    // Each item takes a number at least: damage must not make us reserve the earth.
    if (count > static_cast<uint64_t>(numbers_.size() - next_)) {
      return Fail("more items than numbers");
    }
    all.resize(count);
    for (T& item : all) one(item);
  }
  void Family(int& family) {
    const std::string& id = names_.At(static_cast<uint32_t>(Next()));
    const RuleFamily* found = books_.FindFamily(id);
    if (found == nullptr) return Fail(absl::StrCat("rule ", id, " was never published"));
    family = static_cast<int>(found - books_.families().data());
  }
  uint64_t Flags(uint64_t) { return Next(); }

  void Fail(std::string why) {
    if (why_.empty()) why_ = std::move(why);
  }
  // Everything was taken, and no more, and it makes sense.
  absl::Status Result() {
    if (next_ != numbers_.size()) Fail("the stream does not end with the picture");
    if (why_.empty()) return absl::OkStatus();
    return absl::DataLossError(absl::StrCat("child row: ", why_));
  }

 private:
  uint64_t Next() {
    if (next_ < numbers_.size()) return numbers_.Get(next_++);
    Fail("the stream ends within the picture");
    return 0;
  }

  NameReader& names_;
  const Books& books_;
  const google::protobuf::RepeatedField<uint64_t>& numbers_;
  int next_ = 0;
  uint64_t before_ = 0;
  std::string why_;
};

// One bit for each thing that is not as usual; the rest of the value follows only for those.
template <typename Archive>
class Unusual {
 public:
  Unusual(Archive& archive, uint64_t flags) : flags_(archive.Flags(flags)) {}
  bool Has(int bit) const { return flags_ >> bit & 1; }

 private:
  const uint64_t flags_;
};

template <typename Archive, typename T>
using Of = typename Archive::template Ref<T>;

uint64_t Bit(bool is, int bit) { return is ? uint64_t{1} << bit : 0; }

// An index, or -1.
template <typename Archive>
void Place(Archive& a, Of<Archive, int> place) {
  if constexpr (Archive::kReads) {
    uint32_t after = 0;
    a.Int(after);
    place = static_cast<int>(after - 1);  // in unsigned numbers damage leads somewhere
  } else {
    a.Int(place + 1);
  }
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Moment> moment) {
  a.Time(moment.from);
  a.Span(moment.span);
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Dated> dated) {
  a.Time(dated.at);
  a.Int(dated.is_day);
}

const Dated kNotYet{absl::InfiniteFuture()};

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Ask> ask) {
  const uint64_t flags =
      a.Flags(static_cast<uint64_t>(ask.kind) | Bit(ask.is_taken_on, 2) |
              Bit(!ask.reason.empty(), 3) | Bit(ask.is_handover, 4) | Bit(ask.over != kNotYet, 5) |
              Bit(!ask.part.empty(), 6) | Bit(ask.accepted != kNotYet, 7));
  if constexpr (Archive::kReads) {
    ask.kind = static_cast<AskKind>(flags & 3);
    ask.is_taken_on = (flags >> 2 & 1) != 0;
    ask.reason.clear();
    ask.is_handover = (flags >> 4 & 1) != 0;
    ask.accepted = ask.over = kNotYet;
    ask.part.clear();
  }
  Transfer<Archive>(a, ask.at);
  a.Name(ask.asker);
  a.Name(ask.asked);
  if (flags >> 3 & 1) a.Name(ask.reason);
  if (flags >> 5 & 1) Transfer<Archive>(a, ask.over);
  if (flags >> 6 & 1) a.Name(ask.part);
  if (flags >> 7 & 1) Transfer<Archive>(a, ask.accepted);
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Matter> matter) {
  a.Name(matter.agency);
  a.Name(matter.id);
  a.Each(matter.asks, [&](Of<Archive, Ask> ask) { Transfer<Archive>(a, ask); });
  a.Name(matter.continues_agency);
  a.Name(matter.continues_id);
  a.Time(matter.last);
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, std::vector<Stood>> all) {
  a.Each(all, [&](Of<Archive, Stood> one) {
    a.Time(one.from);
    a.Time(one.to);
    a.Name(one.owner);
  });
}

template <typename Archive>
void TransferRest(Archive& a, uint64_t flags, Of<Archive, Clock> clock) {
  const auto has = [&](int bit) { return (flags >> bit & 1) != 0; };
  if constexpr (Archive::kReads) {
    clock.closed_by = static_cast<ClosedBy>(flags & 3);
    clock.no_calendar = has(2);
    clock.held = has(3);
    clock.settled = has(4);
    clock.root = 0;
    clock.target = clock.breached_at = clock.silent_from = absl::InfiniteFuture();
    clock.close_recorded = absl::InfinitePast();
    clock.stood.clear();
    clock.charged.clear();
    clock.excused.clear();
  }
  if (has(5)) a.Int(clock.root);
  if (has(6)) a.Time(clock.target);
  if (has(7)) a.Time(clock.breached_at);
  if (has(8)) Transfer<Archive>(a, clock.stood);
  if (has(9)) Transfer<Archive>(a, clock.charged);
  if (has(10)) {
    a.Each(clock.excused, [&](Of<Archive, Excused> one) {
      a.Time(one.from);
      a.Time(one.to);
    });
  }
  if (has(11)) a.Time(clock.silent_from);
  if (has(12)) a.Time(clock.close_recorded);
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Clock> clock) {
  constexpr absl::Time kNever = absl::InfiniteFuture();
  const uint64_t flags = a.Flags(
      static_cast<uint64_t>(clock.closed_by) | Bit(clock.no_calendar, 2) | Bit(clock.held, 3) |
      Bit(clock.settled, 4) | Bit(clock.root != 0, 5) | Bit(clock.target != kNever, 6) |
      Bit(clock.breached_at != kNever, 7) | Bit(!clock.stood.empty(), 8) |
      Bit(!clock.charged.empty(), 9) | Bit(!clock.excused.empty(), 10) |
      Bit(clock.silent_from != kNever, 11) | Bit(clock.close_recorded != absl::InfinitePast(), 12));
  a.Int(clock.version);
  a.Int(clock.matter);
  a.Name(clock.starter);
  a.Name(clock.backfill);
  Transfer<Archive>(a, clock.start);
  Transfer<Archive>(a, clock.close);
  a.Time(clock.due);
  a.Each(clock.levels, [&](Of<Archive, absl::Time> level) { a.Time(level); });
  TransferRest<Archive>(a, flags, clock);
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Opening> opening) {
  a.Int(opening.judged);
  a.Name(opening.accountable);
  a.Name(opening.starter);
  a.Name(opening.backfill);
  a.Int(opening.matter);
  a.Int(opening.when);
  a.Each(opening.fields, [&](Of<Archive, Moment> field) { Transfer<Archive>(a, field); });
  a.Each(opening.calendars, [&](Of<Archive, std::string> agency) { a.Name(agency); });
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Hit> hit) {
  constexpr absl::Time kNever = absl::InfiniteFuture();
  const Unusual<Archive> has(a, Bit(hit.is_void, 0) | Bit(hit.base != Moment(), 1) |
                                    Bit(!hit.cause.empty() || !hit.owner.empty(), 2) |
                                    Bit(hit.until != kNever, 3) | Bit(hit.opening.has_value(), 4) |
                                    Bit(hit.starts, 5) | Bit(hit.event != hit.root, 6) |
                                    Bit(hit.recorded != absl::InfinitePast(), 7));
  a.Int(hit.version);
  a.Int(hit.use);
  Transfer<Archive>(a, hit.moment);
  a.Int(hit.root);
  if constexpr (Archive::kReads) {
    hit.is_void = has.Has(0);
    hit.starts = has.Has(5);
    hit.event = hit.root;
    hit.base = Moment();
    hit.cause.clear();
    hit.owner.clear();
    hit.until = kNever;
    hit.recorded = absl::InfinitePast();
    hit.opening = absl::nullopt;
    if (has.Has(4)) hit.opening.emplace();
  }
  if (has.Has(7)) a.Time(hit.recorded);
  if (has.Has(6)) a.Int(hit.event);
  if (has.Has(1)) Transfer<Archive>(a, hit.base);
  if (has.Has(2)) {
    a.Name(hit.cause);
    a.Name(hit.owner);
  }
  if (has.Has(3)) a.Time(hit.until);
  if (has.Has(4)) Transfer<Archive>(a, *hit.opening);
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Cursor> cursor) {
  const bool is_after = cursor.after != absl::InfinitePast() || cursor.root != 0;
  const Unusual<Archive> has(a, Bit(cursor.done, 0) | Bit(is_after, 1) |
                                    Bit(cursor.breached != absl::InfiniteFuture(), 2));
  if constexpr (Archive::kReads) {
    cursor = Cursor();
    cursor.done = has.Has(0);
  }
  a.Int(cursor.version);
  if (has.Has(1)) {
    a.Time(cursor.after);
    a.Int(cursor.root);
  }
  if (has.Has(2)) a.Time(cursor.breached);
}

// What a duty has seen and not settled.
template <typename Archive>
void TransferSeen(Archive& a, Of<Archive, Duty> duty) {
  a.Each(duty.hits, [&](Of<Archive, Hit> hit) { Transfer<Archive>(a, hit); });
  a.Each(duty.exceptions, [&](Of<Archive, Exception> exception) {
    a.Int(exception.version);
    Transfer<Archive>(a, exception.moment);
    a.Time(exception.until);
    a.Name(exception.starter);
  });
  a.Each(duty.came, [&](Of<Archive, Came> came) {
    a.Int(came.version);
    a.Int(came.use);
    a.Time(came.from);
  });
  a.Each(duty.occasions, [&](Of<Archive, uint64_t> occasion) { a.Int(occasion); });
}

template <typename Archive>
void Transfer(Archive& a, Of<Archive, Duty> duty) {
  const bool seen = !duty.hits.empty() || !duty.exceptions.empty() || !duty.came.empty() ||
                    !duty.occasions.empty();
  const Unusual<Archive> has(a, Bit(!duty.key.empty(), 0) | Bit(duty.is_partial, 1) | Bit(seen, 2) |
                                    Bit(!duty.cursors.empty(), 3));
  a.Family(duty.family);
  Place<Archive>(a, duty.matter);
  if constexpr (Archive::kReads) {
    duty.is_partial = has.Has(1);
    duty.key.clear();
    duty.hits.clear();
    duty.exceptions.clear();
    duty.came.clear();
    duty.occasions.clear();
    duty.cursors.clear();
  }
  if (has.Has(0)) a.Name(duty.key);
  a.Each(duty.clocks, [&](Of<Archive, Clock> clock) { Transfer<Archive>(a, clock); });
  if (has.Has(2)) TransferSeen<Archive>(a, duty);
  if (has.Has(3)) {
    a.Each(duty.cursors, [&](Of<Archive, Cursor> cursor) { Transfer<Archive>(a, cursor); });
  }
}

// What only some books and some children need.
template <typename Archive>
void TransferRare(Archive& a, Of<Archive, Picture> picture) {
  const Unusual<Archive> has(
      a, Bit(!picture.acting.empty(), 0) | Bit(!picture.holds.empty(), 1) |
             Bit(!picture.birth_month.empty(), 2) | Bit(!picture.awaited.empty(), 3) |
             Bit(picture.has_voided, 4) | Bit(picture.corrected_to != absl::InfinitePast(), 5) |
             Bit(!picture.asleep.empty(), 6) | Bit(!picture.family.empty(), 7) |
             Bit(!picture.language.empty(), 8));
  if constexpr (Archive::kReads) {
    picture.acting.clear();
    picture.holds.clear();
    picture.birth_month.clear();
    picture.family.clear();
    picture.language.clear();
    picture.awaited.clear();
    picture.asleep.clear();
    picture.has_voided = has.Has(4);
    picture.corrected_to = absl::InfinitePast();
  }
  if (has.Has(0)) {
    a.Each(picture.acting, [&](Of<Archive, Acting> acting) {
      a.Name(acting.party);
      Place<Archive>(a, acting.matter);
      a.Name(acting.agency);
      Transfer<Archive>(a, acting.from);
    });
  }
  if (has.Has(1)) {
    a.Each(picture.holds, [&](Of<Archive, Hold> hold) {
      a.Name(hold.part);
      a.Name(hold.agency);
      a.Int(hold.why);
      Place<Archive>(a, hold.matter);
      Transfer<Archive>(a, hold.from);
      Transfer<Archive>(a, hold.to);
    });
  }
  if (has.Has(2)) a.Name(picture.birth_month);
  if (has.Has(3)) a.Each(picture.awaited, [&](Of<Archive, uint64_t> root) { a.Int(root); });
  if (has.Has(5)) a.Time(picture.corrected_to);
  if (has.Has(6)) a.Each(picture.asleep, [&](Of<Archive, uint64_t> id) { a.Int(id); });
  if (has.Has(7)) a.Name(picture.family);
  if (has.Has(8)) a.Name(picture.language);
}

template <typename Archive>
void TransferPicture(Archive& a, Of<Archive, Picture> picture) {
  a.Each(picture.matters, [&](Of<Archive, Matter> matter) { Transfer<Archive>(a, matter); });
  a.Each(picture.duties, [&](Of<Archive, Duty> duty) { Transfer<Archive>(a, duty); });
  TransferRare<Archive>(a, picture);
}

}  // namespace

uint32_t NameWriter::PlaceOf(absl::string_view name) {
  constexpr size_t kFew = 16;  // looking through so many is quicker than hashing
  if (names_.size() > kFew) return PlaceAmongMany(name);
  for (size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == name) return static_cast<uint32_t>(i);
  }
  names_.push_back(name);
  return static_cast<uint32_t>(names_.size() - 1);
}

uint32_t NameWriter::PlaceAmongMany(absl::string_view name) {
  if (places_.empty()) {
    for (size_t i = 0; i < names_.size(); ++i) places_.emplace(names_[i], i);
  }
  const auto [place, is_new] = places_.emplace(name, names_.size());
  if (is_new) names_.push_back(name);
  return place->second;
}

const std::string& NameReader::At(uint32_t place) {
  if (place < static_cast<uint32_t>(names_.size())) return names_.Get(static_cast<int>(place));
  good_ = false;
  static const std::string* const kNone = new std::string;
  return *kNone;
}

void PutPicture(const Picture& picture, const Books& books, NameWriter& names,
                store::v1::ChildRow& row) {
  Writer writer(names, books, *row.mutable_picture());
  TransferPicture<Writer>(writer, picture);
}

absl::Status ReadPicture(const store::v1::ChildRow& row, const Books& books, NameReader& names,
                         Picture& picture) {
  Reader reader(names, books, row.picture());
  TransferPicture<Reader>(reader, picture);
  if (absl::Status status = reader.Result(); !status.ok()) return status;
  const absl::string_view fault = FaultIn(picture, books);
  if (!fault.empty()) return absl::DataLossError(absl::StrCat("child row: ", fault));
  return absl::OkStatus();
}

}  // namespace dolen
