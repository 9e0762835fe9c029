// One connection of the server: idle, reading, running, writing, and again. Lives as long as an
// operation of its own is under way, and ends when nothing follows.
#ifndef DOLEN_CONNECTORS_HTTP_SESSION_H_
#define DOLEN_CONNECTORS_HTTP_SESSION_H_

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <set>
#include <string>

#include "absl/types/optional.h"
#include "connectors/http/boost.h"
#include "connectors/http/message.h"
#include "connectors/http/router.h"
#include "connectors/http/server.h"

namespace dolen {

class Session;

// What the connections of one server share. Touched by the I/O thread only, but for `router` and
// `workers`. Outlives the sessions.
struct Host {
  const Router router;
  const HttpServerOptions options;
  asio::io_context& io;
  asio::thread_pool& workers;
  std::set<Session*> sessions;
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

  void Start() { AwaitRequest(); }
  // Answers with 503 without reading anything.
  void TurnAway();
  // Host.stopping has become true: ends now, or after the answer that is under way.
  void Stop();

 private:
  using Parser = beast::http::request_parser<beast::http::string_body>;
  enum class Step { kReading, kRunning, kWriting };

  void AwaitRequest();
  void ReadHeader();
  void OnHeader(ErrorCode error);
  void AskForBody();  // "100 Continue"
  void ReadBody();
  void Run();
  // The one place from which answers leave; everything before it is the same for any answer.
  void Write(HttpResponse response);
  void OnWritten(ErrorCode error);
  // The request cannot be read to its end: answers and closes, since where the next one begins is
  // unknown.
  void Refuse(HttpResponse problem);
  void RefuseFor(ErrorCode error);
  // Drops what still comes, until the other side closes or time is over.
  void DropRest();
  void Close();

  bool Reserve();  // room for the body; false if there is none
  void Release();

  Host& host_;
  Stream stream_;
  beast::flat_buffer buffer_{kReadBytes};
  absl::optional<Parser> parser_;  // of the request under way
  std::string interim_;            // "100 Continue" while it is sent
  RawResponse response_;
  absl::optional<beast::http::response_serializer<beast::http::string_body>> serializer_;
  absl::optional<asio::steady_timer> parting_;  // set while an answer is sent after Stop()
  Step step_ = Step::kReading;
  size_t reserved_ = 0;
  bool served_ = false;  // at least one request
  bool is_head_ = false;
  bool keep_alive_ = true;
  bool refused_ = false;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_SESSION_H_
