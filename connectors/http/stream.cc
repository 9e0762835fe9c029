#include "connectors/http/stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "engine/base/check.h"

namespace dolen {
namespace {

// CR, LF, and CR LF all end a line there.
constexpr absl::string_view kLineEnds = "\r\n";

bool IsOneLine(absl::string_view text) {
  return text.find_first_of(absl::string_view("\r\n\0", 3)) == absl::string_view::npos;
}

}  // namespace

std::string Encoded(const SseEvent& event) {
  DOLEN_CHECK(IsOneLine(event.id) && IsOneLine(event.event));
  std::string bytes;
  if (!event.id.empty()) absl::StrAppend(&bytes, "id: ", event.id, "\n");
  if (!event.event.empty()) absl::StrAppend(&bytes, "event: ", event.event, "\n");
  absl::string_view rest = event.data;
  for (;;) {
    const size_t end = rest.find_first_of(kLineEnds);
    absl::StrAppend(&bytes, "data: ", rest.substr(0, end), "\n");
    if (end == absl::string_view::npos) break;
    rest.remove_prefix(rest.substr(end, 2) == "\r\n" ? end + 2 : end + 1);
  }
  bytes += '\n';
  return bytes;
}

EventStream::~EventStream() {
  // Nobody else has it any more, so it needs no lock.
  for (const auto& callback : CloseLocked()) callback();
}

bool EventStream::Send(const SseEvent& event) { return SendEncoded(Encoded(event)); }

bool EventStream::SendEncoded(absl::string_view bytes) {
  Callbacks on_closed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return false;
    if (bytes.size() <= max_unsent_bytes_ - unsent_bytes_) {
      absl::StrAppend(&pending_, bytes);
      unsent_bytes_ += bytes.size();
      WakeLocked();
      return true;
    }
    is_cut_off_ = true;
    pending_ = {};
    on_closed = CloseLocked();
    is_woken_ = false;  // even if what came before has not been taken: that may take for ever
    WakeLocked();
  }
  for (const auto& callback : on_closed) callback();
  return false;
}

void EventStream::Close() {
  Callbacks on_closed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return;
    on_closed = CloseLocked();
    WakeLocked();
  }
  for (const auto& callback : on_closed) callback();
}

bool EventStream::closed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return closed_;
}

bool EventStream::is_cut_off() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return is_cut_off_;
}

size_t EventStream::unsent_bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return unsent_bytes_;
}

void EventStream::OnClosed(std::function<void()> callback) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!closed_) {
      on_closed_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

void EventStream::Attach(std::function<void()> wake) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DOLEN_CHECK(!wake_);  // a stream has one reader
  wake_ = std::move(wake);
}

EventStream::Taken EventStream::Take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  is_woken_ = false;
  Taken taken{std::move(pending_), closed_};
  pending_ = {};
  return taken;
}

void EventStream::Written(size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  unsent_bytes_ -= bytes;
}

void EventStream::Detach() {
  Callbacks on_closed;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    wake_ = nullptr;
    pending_ = {};
    on_closed = CloseLocked();
  }
  for (const auto& callback : on_closed) callback();
}

EventStream::Callbacks EventStream::CloseLocked() {
  closed_ = true;
  return std::exchange(on_closed_, {});
}

void EventStream::WakeLocked() {
  if (!wake_ || is_woken_) return;
  is_woken_ = true;
  wake_();
}

StreamsPerCaller::StreamsPerCaller(int max_streams) : max_streams_(max_streams) {
  DOLEN_CHECK(max_streams > 0);
}

std::shared_ptr<EventStream> StreamsPerCaller::Open(const std::string& caller) {
  {
    const std::lock_guard<std::mutex> lock(counts_->mutex);
    int& count = counts_->of_caller[caller];
    if (count >= max_streams_) return nullptr;
    ++count;
  }
  auto stream = std::make_shared<EventStream>();
  stream->OnClosed([counts = counts_, caller] {
    const std::lock_guard<std::mutex> lock(counts->mutex);
    const auto found = counts->of_caller.find(caller);
    if (--found->second == 0) counts->of_caller.erase(found);
  });
  return stream;
}

int StreamsPerCaller::CountOf(const std::string& caller) const {
  const std::lock_guard<std::mutex> lock(counts_->mutex);
  const auto found = counts_->of_caller.find(caller);
  return found == counts_->of_caller.end() ? 0 : found->second;
}

}  // namespace dolen
