#include "deploy/api/guardian.h"

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "deploy/program/book_file.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

Notice NoticeOf(const audit::v1::Read& read, absl::Time now) {
  Notice notice;
  notice.kind = Notice::Kind::kEmergency;
  notice.id = absl::StrCat("emergency-", read.number());
  notice.thread = notice.id;
  notice.reference = absl::StrCat(read.number());
  notice.at = now;
  return notice;
}

}  // namespace

Guardian::Guardian(GuardianOptions options) : options_(std::move(options)) {
  thread_ = std::thread([this] { Run(); });
}

Guardian::~Guardian() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

uint64_t Guardian::Told() const {
  uint64_t number = 0;
  const absl::StatusOr<std::string> text = ReadFile(options_.file);
  // None yet: everything that is on record is told.
  if (text.ok()) (void)absl::SimpleAtoi(*text, &number);
  return number;
}

absl::Status Guardian::Note(uint64_t number) const {
  const std::string fresh = options_.file + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << number << "\n";
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(fresh, options_.file, error);
  if (out && !error) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(options_.file, ": cannot be written"));
}

absl::Status Guardian::TellAll() {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<audit::v1::Read> reads, options_.reads->Emergencies());
  if (reads.empty()) return absl::OkStatus();
  const uint64_t told = Told();
  for (const audit::v1::Read& read : reads) {
    if (read.number() <= told) continue;
    const Delivery delivery = options_.destination->Deliver(NoticeOf(read, options_.now()));
    if (delivery.outcome != Delivery::Outcome::kTaken) {
      return absl::UnavailableError(
          absl::StrCat("the guardian is not told of an emergency access, read ", read.number(),
                       ": ", delivery.answer, "; it is tried again"));
    }
    DOLEN_RETURN_IF_ERROR(Note(read.number()));
  }
  return absl::OkStatus();
}

void Guardian::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const absl::Status status = TellAll();
    options_.trouble(status);
    lock.lock();
    const absl::Duration pause = status.ok() ? options_.look : options_.after_trouble;
    stop_.wait_for(lock, absl::ToChronoMilliseconds(pause), [this] { return stopping_; });
  }
}

}  // namespace dolen
