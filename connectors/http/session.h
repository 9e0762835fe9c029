// One connection of the server: idle, reading, running, writing, and again; or, once an answer is a
// stream, that until it ends. Lives as long as an operation of its own is under way, and ends when
// nothing follows.
#ifndef DOLEN_CONNECTORS_HTTP_SESSION_H_
#define DOLEN_CONNECTORS_HTTP_SESSION_H_

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>
#include <set>
#include <string>

#include "absl/types/optional.h"
#include "connectors/http/boost.h"
#include "connectors/http/message.h"
#include "connectors/http/router.h"
#include "connectors/http/server.h"
#include "connectors/http/stream.h"
#include "connectors/http/wire.h"

namespace dolen {

class Session;

// What the connections of one server share. Touched by the I/O thread only, but for `router` and
// `workers`. Outlives the sessions.
struct Host {
  const Router router;
  const HttpServerOptions options;
  asio::io_context& io;
  asio::thread_pool& workers;
  std::unique_ptr<TlsContext> tls;  // null: none
  std::set<Session*> sessions;
  size_t streams = 0;  // of the sessions
  size_t bytes_in_flight = 0;
  bool stopping = false;
};

// All functions are called on the I/O thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Host& host, Protocol::socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Start();
  // Answers with 503 without reading anything. Not with TLS.
  void TurnAway();
  // Host.stopping has become true: ends now, or after the answer that is under way.
  void Stop();

 private:
  using Parser = beast::http::request_parser<beast::http::string_body>;
  enum class Step { kReading, kRunning, kWriting, kStreaming, kParting };

  // What is under way ends in failure unless it is done within this time.
  void Allow(absl::Duration duration);
  void OnTimeOver();
  // `next` is called when there is more in `buffer_`, by `most` bytes at most; the session ends if
  // nothing comes.
  void ReadMore(size_t most, void (Session::*next)());
  void AwaitRequest();
  void ReadHeader();
  void ParseHeader();
  void OnHeader();
  void AskForBody();  // "100 Continue"
  void ReadBody();
  void Run();
  // Writes it when its time has come.
  void WriteInTime(HttpResponse response);
  // The one place from which answers leave; everything before it is the same for any answer.
  void Write(HttpResponse response);
  void OnWritten(ErrorCode error);
  // The request cannot be read to its end: answers and closes, since where the next one begins is
  // unknown.
  void Refuse(HttpResponse problem);
  void RefuseFor(ErrorCode error);
  // Drops what still comes, until the other side closes, time is over or a stream's reader has sent
  // more than any reader should.
  void DropRest();
  void Close();

  // The answer is a stream: its head, the events of its body, and then whatever comes.
  void OpenStream(HttpResponse response);
  // Sends on what there is, if nothing is on its way; the stream's Attach calls this.
  void TakeEvents();
  // One piece of the stream, `taken` bytes of which are the stream's. `last`: and its end.
  void WriteEvents(std::string bytes, size_t taken, bool last);
  void OnEventsWritten(size_t taken, bool last, ErrorCode error);

  bool Reserve();  // room for the body; false if there is none
  void Release();

  Host& host_;
  Wire wire_;
  asio::steady_timer time_;
  HttpPeer peer_;  // known before the first request, and the same from then on
  beast::flat_buffer buffer_{kReadBytes};
  absl::optional<Parser> parser_;  // of the request under way
  std::string head_;               // what is being written: first this,
  std::string body_;               // then this
  std::shared_ptr<EventStream> stream_;
  Step step_ = Step::kReading;
  size_t reserved_ = 0;
  size_t dropped_ = 0;
  bool served_ = false;  // at least one request
  bool is_head_ = false;
  bool takes_chunks_ = true;  // speaks HTTP/1.1
  bool keep_alive_ = true;
  bool refused_ = false;
  bool is_writing_events_ = false;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_SESSION_H_
