#include "connectors/http/server.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "connectors/http/boost.h"
#include "connectors/http/session.h"
#include "connectors/http/socket_file.h"
#include "connectors/http/tcp.h"
#include "engine/base/check.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// Before the next attempt where no connection can be taken, as when the process is out of file
// descriptors: long enough not to spin, short enough not to be felt.
constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

}  // namespace

// Members are destroyed from the last to the first: the file goes when nobody is served any more,
// and `io`, which owns the operations of sessions, goes before `host`, which sessions refer to.
struct HttpServer::State {
  State(Router router, const HttpServerOptions& options)
      : workers(static_cast<size_t>(options.workers)),
        host{std::move(router), options, io, workers, nullptr, {}, 0, 0, false} {}

  std::unique_ptr<SocketFile> file;  // none: it listens on TCP
  int port = 0;
  asio::thread_pool workers;
  Host host;
  asio::io_context io{1};
  asio::basic_socket_acceptor<Protocol> acceptor{io};
  asio::steady_timer pause{io};
  asio::executor_work_guard<asio::io_context::executor_type> guard = asio::make_work_guard(io);
  std::thread thread;

  void Accept();
  void OnAccepted(ErrorCode error, Protocol::socket socket);
  void RunIo();
  void Stop();
};

void HttpServer::State::Accept() {
  acceptor.async_accept(
      [this](ErrorCode error, Protocol::socket socket) { OnAccepted(error, std::move(socket)); });
}

void HttpServer::State::OnAccepted(ErrorCode error, Protocol::socket socket) {
  if (host.stopping) return;
  if (error) {
    pause.expires_after(Chrono(kAcceptPause));
    pause.async_wait([this](ErrorCode) {
      if (!host.stopping) Accept();
    });
    return;
  }
  Accept();  // first, since what follows may run out of memory
  const bool full =
      host.sessions.size() - host.streams >= static_cast<size_t>(host.options.max_connections);
  // Setting up TLS, only to say no, would be work that whoever fills the server could ask for.
  if (full && host.tls) return;
  const auto session = std::make_shared<Session>(host, std::move(socket));
  if (full) {
    session->TurnAway();
  } else {
    session->Start();
  }
}

void HttpServer::State::RunIo() {
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::exception&) {
      // Memory ran out within one connection, which ends with its operation; the others go on.
    }
  }
}

void HttpServer::State::Stop() {
  host.stopping = true;
  ErrorCode ignored;
  acceptor.close(ignored);
  pause.cancel();
  std::vector<std::shared_ptr<Session>> sessions;
  for (Session* session : host.sessions) sessions.push_back(session->shared_from_this());
  for (const auto& session : sessions) session->Stop();
  guard.reset();
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(const std::string& socket_path,
                                                               Router router,
                                                               HttpServerOptions options) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<SocketFile> file, SocketFile::Listen(socket_path));
  auto state = std::make_unique<State>(std::move(router), options);
  state->file = std::move(file);
  const int listener = state->file->ReleaseListener();
  return Start(std::move(state), AF_UNIX, listener);
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::ListenOnTcp(
    const std::string& address, int port, const absl::optional<TlsOptions>& tls, Router router,
    HttpServerOptions options) {
  if (!tls && !IsLoopback(address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("without TLS this answers on a loopback address only, not on \"", address,
                     "\": give a certificate and its key, or 127.0.0.1"));
  }
  auto state = std::make_unique<State>(std::move(router), options);
  if (tls) {
    DOLEN_ASSIGN_OR_RETURN(state->host.tls, TlsContext::Read(*tls));
  }
  DOLEN_ASSIGN_OR_RETURN(TcpListener listener, ListenOnTcpPort(address, port));
  state->port = listener.port;
  return Start(std::move(state), listener.family, listener.fd.Release());
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::ListenOnLoopback(
    int port, Router router, HttpServerOptions options) {
  return ListenOnTcp("127.0.0.1", port, absl::nullopt, std::move(router), options);
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(std::unique_ptr<State> state,
                                                              int family, int listener) {
  const HttpServerOptions& options = state->host.options;
  DOLEN_CHECK(options.workers > 0 && options.max_connections > 0 && options.max_streams > 0);
  DOLEN_CHECK(options.max_header_bytes < kReadBytes);
  DOLEN_CHECK(options.ping_interval > absl::ZeroDuration());
  DOLEN_CHECK(options.max_body_bytes <= options.max_bytes_in_flight);
  try {
    state->acceptor.assign(Protocol(family, 0), listener);
    state->Accept();
    state->thread = std::thread([raw = state.get()] { raw->RunIo(); });
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
  } catch (const std::exception& error) {  // no threads, no epoll
    return absl::ResourceExhaustedError(absl::StrCat("cannot start to answer: ", error.what()));
  }
}

int HttpServer::port() const { return state_->port; }

HttpServer::~HttpServer() {
  asio::post(state_->io, [state = state_.get()] { state->Stop(); });
  state_->thread.join();
  state_->workers.join();
}

}  // namespace dolen
