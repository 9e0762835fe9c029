// Server-Sent Events (https://html.spec.whatwg.org/multipage/server-sent-events.html): an answer
// that goes on. A handler makes an EventStream, gives it away in HttpResponse::stream and keeps it
// to send what happens later; no worker is held meanwhile.
//
//   auto stream = streams.Open(caller);          // StreamsPerCaller; null: 429
//   response.stream = stream;
//   response.body = Encoded(...) + ...;          // what the reader missed, of any length
//   // Then, from any thread, for as long as it likes:
//   stream->Send({"1041", "changed", "{...}"});  // false: the reader has gone, forget the stream
//
// A reader that comes back names the last id it saw in the header "last-event-id"; what it missed
// is the handler's to find. A reader that is slower than the events is cut off and comes back in
// this way, so that nothing piles up for it.
#ifndef DOLEN_CONNECTORS_HTTP_STREAM_H_
#define DOLEN_CONNECTORS_HTTP_STREAM_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"

namespace dolen {

struct SseEvent {
  // What the reader says when it comes back. Empty: none, the last one stays. `id` and `event` hold
  // no line end and no zero byte: the program is wrong (DOLEN_CHECK) if they do.
  std::string id;
  std::string event;  // its type; empty: "message"
  std::string data;   // may have several lines, which reach the reader parted by line feeds
};

// The event as it goes over the wire.
std::string Encoded(const SseEvent& event);

// One reader's stream. All functions may be called by any thread at any time, and never wait for
// the reader.
class EventStream {
 public:
  // What was sent and the connection has not taken yet. Events are some hundred bytes, so this is
  // minutes of a busy day; a thousand readers that all stand still hold 256 MiB until cut off.
  static constexpr size_t kMaxUnsentBytes = 256 * 1024;

  explicit EventStream(size_t max_unsent_bytes = kMaxUnsentBytes)
      : max_unsent_bytes_(max_unsent_bytes) {}
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  // In the order of the calls. False, and nothing will follow: the reader has gone, the stream was
  // closed, or the reader was too slow and is cut off by this (so is one event beyond the limit).
  bool Send(const SseEvent& event);
  // Some events, each Encoded; all of them or none.
  bool SendEncoded(absl::string_view bytes);
  // Ends it; what was sent still arrives.
  void Close();
  bool closed() const;
  bool is_cut_off() const;      // the reader was too slow
  size_t unsent_bytes() const;  // of what was sent: the connection has not taken them yet
  // Calls back once the stream is closed, whoever closed it: on whichever thread notices, at once
  // if it is closed already. It must be quick and may not wait; it may take locks under which
  // nobody calls Send or Close.
  void OnClosed(std::function<void()> callback);

  // For the server, on its I/O thread.
  struct Taken {
    std::string bytes;
    bool is_last = false;  // nothing follows
  };
  // `wake` is called, under the stream's lock, when there is something to take, once until Take;
  // and when the reader is cut off.
  void Attach(std::function<void()> wake);
  Taken Take();
  void Written(size_t bytes);  // of what was taken
  void Detach();               // the reader has gone; closes
 private:
  using Callbacks = std::vector<std::function<void()>>;
  // Both under the lock. Whoever called CloseLocked calls back when it has left the lock.
  Callbacks CloseLocked();
  void WakeLocked();

  const size_t max_unsent_bytes_;
  mutable std::mutex mutex_;
  std::string pending_;
  size_t unsent_bytes_ = 0;  // of `pending_` and of what was taken and not yet written
  bool closed_ = false;
  bool is_cut_off_ = false;
  bool is_woken_ = false;
  std::function<void()> wake_;
  Callbacks on_closed_;
};

// How many streams each caller has open: a person, a token, an address, as the handler sees fit.
// For any thread.
class StreamsPerCaller {
 public:
  explicit StreamsPerCaller(int max_streams);
  // Null: the caller has as many as it may. A stream counts until it is closed.
  std::shared_ptr<EventStream> Open(const std::string& caller);
  int CountOf(const std::string& caller) const;

 private:
  // Shared with the streams, which may outlive this.
  struct Counts {
    std::mutex mutex;
    absl::btree_map<std::string, int> of_caller;
  };
  const int max_streams_;
  const std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_STREAM_H_
