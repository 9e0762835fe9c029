#include "engine/store/figures_codec.h"

#include <array>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/store/picture_codec.h"

namespace dolen {
namespace {

// More than any child, or any country, has: sums of numbers up to these never run over.
constexpr uint64_t kMostCounted = uint64_t{1} << 32;
constexpr uint64_t kMostMicros = uint64_t{1} << 54;  // some 570 years
constexpr uint64_t kMonths = 12 * 10000;

// All numbers of a group of clocks but its shares, in the order in which they are written.
constexpr std::array<int64_t ClockFigures::*, 8> kCounts = {
    &ClockFigures::in_time,   &ClockFigures::late,          &ClockFigures::excused,
    &ClockFigures::cancelled, &ClockFigures::done,          &ClockFigures::no_calendar,
    &ClockFigures::untold,    &ClockFigures::late_by_report};
constexpr std::array<absl::Duration ClockFigures::*, 3> kTimes = {
    &ClockFigures::action, &ClockFigures::overrun, &ClockFigures::reporting};
constexpr std::array<int64_t AskFigures::*, 4> kAskCounts = {
    &AskFigures::asks, &AskFigures::taken_on, &AskFigures::passed_on, &AskFigures::back};

class Writer {
 public:
  std::string Write(const Figures& figures) {
    Put(figures.clocks.size());
    for (const auto& [group, its] : figures.clocks) PutClocks(group, its);
    Put(figures.asks.size());
    for (const auto& [group, its] : figures.asks) PutAsks(group, its);
    for (const absl::string_view name : names_) row_.add_name(name.data(), name.size());
    return row_.SerializeAsString();
  }

 private:
  void PutClocks(const ClockGroup& group, const ClockFigures& its) {
    PutName(group.rule);
    PutName(group.agency);
    PutMonth(group.month);
    // Most are zero: one bit for each says which are not.
    uint64_t flags = 0;
    for (size_t i = 0; i < kCounts.size(); ++i) {
      flags |= uint64_t{its.*kCounts[i] != 0} << i;
    }
    for (size_t i = 0; i < kTimes.size(); ++i) {
      flags |= uint64_t{its.*kTimes[i] != absl::ZeroDuration()} << (kCounts.size() + i);
    }
    Put(flags);
    for (const auto count : kCounts) {
      if (its.*count != 0) Put(static_cast<uint64_t>(its.*count));
    }
    for (const auto time : kTimes) {
      if (its.*time != absl::ZeroDuration()) PutTime(its.*time);
    }
    Put(its.shares.size());
    for (const auto& [whose, time] : its.shares) {
      Put(uint64_t{names_writer_.PlaceOf(whose.who)} << 1 | uint64_t{whose.is_paused});
      PutTime(time);
    }
  }

  void PutAsks(const AskGroup& group, const AskFigures& its) {
    PutName(group.asker);
    PutName(group.asked);
    PutMonth(group.month);
    for (const auto count : kAskCounts) Put(static_cast<uint64_t>(its.*count));
    Put(its.declined.size());
    for (const auto& [reason, count] : its.declined) {
      PutName(reason);
      Put(static_cast<uint64_t>(count));
    }
  }

  void Put(uint64_t number) { row_.add_number(number); }
  void PutName(const std::string& name) { Put(names_writer_.PlaceOf(name)); }
  void PutMonth(absl::CivilMonth month) {
    Put(static_cast<uint64_t>(month - absl::CivilMonth(0, 1)));
  }
  // Nearly all times are whole seconds.
  void PutTime(absl::Duration time) {
    const uint64_t micros = static_cast<uint64_t>(absl::ToInt64Microseconds(time));
    Put(micros % 1000000 == 0 ? micros / 1000000 << 1 : micros << 1 | 1);
  }

  store::v1::Figures row_;
  std::vector<absl::string_view> names_;
  NameWriter names_writer_{names_};
};

class Reader {
 public:
  explicit Reader(const store::v1::Figures& row) : row_(row), names_(row.name()) {}

  using SeeClocks = absl::FunctionRef<void(const ClockGroup&, const ClockFigures&)>;

  absl::Status Read(Figures& figures) {
    ClockGroup group;
    ClockFigures its;
    ReadAllClocks(group, its, [&](const ClockGroup& of, const ClockFigures& one) {
      figures.clocks[of] += one;
    });
    for (uint64_t left = Next(); left > 0 && is_good_; --left) ReadAsks(figures);
    is_good_ &= next_ == row_.number_size();
    return Result();
  }

  // `group` and `its` lend their memory.
  void ReadAllClocks(ClockGroup& group, ClockFigures& its, SeeClocks see) {
    for (uint64_t left = Next(); left > 0 && is_good_; --left) {
      ReadClocks(group, its);
      if (is_good_) see(group, its);
    }
  }

  absl::Status Result() const {
    const bool is_good = is_good_ && names_.good();
    return is_good ? absl::OkStatus() : absl::DataLossError("figures: they do not fit together");
  }

 private:
  void ReadClocks(ClockGroup& group, ClockFigures& its) {
    group.rule = Name();
    group.agency = Name();
    group.month = Month();
    its.shares.clear();
    const uint64_t flags = Next();
    for (size_t i = 0; i < kCounts.size(); ++i) its.*kCounts[i] = flags >> i & 1 ? Count() : 0;
    for (size_t i = 0; i < kTimes.size(); ++i) {
      its.*kTimes[i] = flags >> (kCounts.size() + i) & 1 ? Time() : absl::ZeroDuration();
    }
    for (uint64_t left = Next(); left > 0 && is_good_; --left) {
      const uint64_t whose = Next();
      const absl::Duration time = Time();
      its.shares[{names_.At(static_cast<uint32_t>(whose >> 1)), (whose & 1) != 0}] += time;
    }
  }

  void ReadAsks(Figures& figures) {
    AskGroup group;
    group.asker = Name();
    group.asked = Name();
    group.month = Month();
    AskFigures its;
    for (const auto count : kAskCounts) its.*count = Count();
    for (uint64_t left = Next(); left > 0 && is_good_; --left) {
      const std::string& reason = Name();
      its.declined[reason] += Count();
    }
    figures.asks[group] += its;
  }

  uint64_t Next() {
    if (next_ < row_.number_size()) return row_.number(next_++);
    is_good_ = false;
    return 0;
  }
  uint64_t Below(uint64_t bound) {
    const uint64_t number = Next();
    is_good_ &= number < bound;
    return is_good_ ? number : 0;
  }
  const std::string& Name() { return names_.At(static_cast<uint32_t>(Next())); }
  absl::CivilMonth Month() { return absl::CivilMonth(0, 1) + static_cast<int64_t>(Below(kMonths)); }
  int64_t Count() { return static_cast<int64_t>(Below(kMostCounted)); }
  absl::Duration Time() {
    const uint64_t number = Next();
    const bool is_seconds = (number & 1) == 0;
    const uint64_t most = is_seconds ? kMostMicros / 1000000 : kMostMicros;
    is_good_ &= number >> 1 < most;
    if (!is_good_) return absl::ZeroDuration();
    const auto time = static_cast<int64_t>(number >> 1);
    return is_seconds ? absl::Seconds(time) : absl::Microseconds(time);
  }

  const store::v1::Figures& row_;
  NameReader names_;
  int next_ = 0;
  bool is_good_ = true;
};

}  // namespace

std::string EncodeFigures(const Figures& figures) {
  return figures.empty() ? std::string() : Writer().Write(figures);
}

absl::Status DecodeFigures(absl::string_view bytes, Figures& figures) {
  if (bytes.empty()) return absl::OkStatus();
  store::v1::Figures row;
  if (!row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("figures: cannot be parsed");
  }
  return Reader(row).Read(figures);
}

absl::Status ClockGroupReader::Read(
    absl::string_view bytes, absl::FunctionRef<void(const ClockGroup&, const ClockFigures&)> see) {
  if (bytes.empty()) return absl::OkStatus();
  if (!row_.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("figures: cannot be parsed");
  }
  Reader reader(row_);
  reader.ReadAllClocks(group_, its_, see);
  return reader.Result();
}

}  // namespace dolen
