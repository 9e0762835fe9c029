#include "tests/connectors/http/support.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "connectors/http/socket_file.h"
#include "engine/base/check.h"
#include "gtest/gtest.h"

namespace dolen {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "dolen-http-XXXXXX").string();
  DOLEN_CHECK(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

std::string TemporaryFolder::Path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

RawConnection::RawConnection(const std::string& socket_path) : fd_(-1) {
  absl::StatusOr<Descriptor> fd = ConnectTo(socket_path, kPatience);
  EXPECT_TRUE(fd.ok()) << fd.status();
  if (fd.ok()) fd_ = fd->Release();
}

RawConnection::RawConnection(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
}

RawConnection::~RawConnection() {
  if (fd_ >= 0) close(fd_);
}

bool RawConnection::StartTls(const TlsClientOptions& options) {
  tls_ = std::make_unique<TlsClient>(fd_, options);
  return tls_->Handshake();
}

bool RawConnection::Send(absl::string_view bytes) {
  if (tls_) return tls_->Send(bytes);
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawConnection::FinishSending() { shutdown(fd_, SHUT_WR); }

bool RawConnection::ReadSome(std::string& bytes) {
  pollfd ready{fd_, POLLIN, 0};
  if (tls_ && tls_->has_more()) return tls_->ReadSome(bytes);
  if (poll(&ready, 1, static_cast<int>(absl::ToInt64Milliseconds(kPatience))) <= 0) {
    bytes += "(still open)";
    return false;
  }
  if (tls_) return tls_->ReadSome(bytes);
  char buffer[16 * 1024];
  const ssize_t count = recv(fd_, buffer, sizeof(buffer), 0);
  if (count <= 0) return false;
  bytes.append(buffer, static_cast<size_t>(count));
  return true;
}

std::string RawConnection::ReadToEnd() {
  std::string bytes;
  while (ReadSome(bytes)) {
  }
  return bytes;
}

std::string RawConnection::ReadUntil(absl::string_view text) {
  std::string bytes;
  while (!absl::StrContains(bytes, text) && ReadSome(bytes)) {
  }
  return bytes;
}

void Gate::Pass() {
  std::unique_lock<std::mutex> lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return open_; });
}

void Gate::AwaitWaiting(int count) {
  std::unique_lock<std::mutex> lock(mutex_);
  EXPECT_TRUE(
      changed_.wait_for(lock, absl::ToChronoSeconds(kPatience), [&] { return waiting_ >= count; }));
}

void Gate::Open() {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

Router TestRouter(Gate* gate) {
  Router router;
  router.Add("GET", "/hello", [](const HttpRequest&, const PathArguments&) {
    HttpResponse response;
    response.body = "{\"hello\":true}";
    return response;
  });
  router.Add("POST", "/echo", [](const HttpRequest& request, const PathArguments&) {
    HttpResponse response;
    response.content_type = request.content_type;
    response.body = request.body;
    for (const auto& [name, value] : request.query) {
      response.headers[absl::StrCat("x-query-", name)] = value;
    }
    return response;
  });
  router.Add("GET", "/wait", [gate](const HttpRequest&, const PathArguments&) {
    if (gate != nullptr) gate->Pass();
    HttpResponse response;
    response.body = "waited";
    return response;
  });
  router.Add(
      "GET", "/things/{issuer}/{value}", [](const HttpRequest&, const PathArguments& arguments) {
        HttpResponse response;
        response.body = absl::StrCat("[", arguments.at("issuer"), "][", arguments.at("value"), "]");
        return response;
      });
  router.Add("GET", "/large", [](const HttpRequest& request, const PathArguments&) {
    size_t bytes = 0;
    DOLEN_CHECK(absl::SimpleAtoi(request.query.at("bytes"), &bytes));
    HttpResponse response;
    response.body = std::string(bytes, 'x');
    return response;
  });
  return router;
}

std::unique_ptr<HttpServer> Serve(const std::string& socket_path, Gate* gate,
                                  HttpServerOptions options) {
  auto server = HttpServer::Listen(socket_path, TestRouter(gate), options);
  EXPECT_TRUE(server.ok()) << server.status();
  return server.ok() ? *std::move(server) : nullptr;
}

std::string NameOf(Transport transport) {
  switch (transport) {
    case Transport::kUnix:
      return "Unix";
    case Transport::kTcp:
      return "Tcp";
    case Transport::kTls:
      return "Tls";
  }
  return "";
}

TestPlace::TestPlace(Transport transport) : transport_(transport) {
  if (transport != Transport::kTls) return;
  const Authority authority("test authority");
  const Identity server = authority.Issue({"server", "IP:127.0.0.1"});
  tls_ = TlsOptions{folder_.Path("server.pem"), folder_.Path("server-key.pem"), "", true};
  WriteTextFile(tls_->certificate_chain_file, server.certificate);
  WriteTextFile(tls_->private_key_file, server.key);
  client_.authority = authority.certificate();
}

std::unique_ptr<HttpServer> TestPlace::Serve(Router router, HttpServerOptions options) {
  auto server = transport_ == Transport::kUnix
                    ? HttpServer::Listen(folder_.Path("http.sock"), std::move(router), options)
                    : HttpServer::ListenOnTcp("127.0.0.1", 0, tls_, std::move(router), options);
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return nullptr;
  port_ = (*server)->port();
  return *std::move(server);
}

std::unique_ptr<RawConnection> TestPlace::ConnectBare() const {
  return transport_ == Transport::kUnix ? std::make_unique<RawConnection>(folder_.Path("http.sock"))
                                        : std::make_unique<RawConnection>(port_);
}

std::unique_ptr<RawConnection> TestPlace::Connect() const {
  auto connection = ConnectBare();
  if (transport_ == Transport::kTls) {
    EXPECT_TRUE(connection->StartTls(client_));
  }
  return connection;
}

int TestPlace::StatusNow() const {
  const auto connection = ConnectBare();
  if (transport_ == Transport::kTls && !connection->StartTls(client_)) return 0;
  connection->Send(RawGet("/hello", "Connection: close\r\n"));
  const std::string answer = connection->ReadToEnd();
  int status = 0;
  return answer.size() > 12 && absl::SimpleAtoi(answer.substr(9, 3), &status) ? status : 0;
}

HttpRequest Get(std::vector<std::string> path) {
  HttpRequest request;
  request.path = std::move(path);
  return request;
}

HttpRequest Post(std::vector<std::string> path, std::string body) {
  HttpRequest request = Get(std::move(path));
  request.method = "POST";
  request.content_type = "text/plain";
  request.body = std::move(body);
  return request;
}

std::string RawGet(absl::string_view target, absl::string_view further_headers) {
  return absl::StrCat("GET ", target, " HTTP/1.1\r\nHost: localhost\r\n", further_headers, "\r\n");
}

int CountOf(absl::string_view text, absl::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != absl::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace dolen
