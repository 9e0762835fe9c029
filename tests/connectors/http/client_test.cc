#include "connectors/http/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "connectors/http/socket_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::HasSubstr;

// Takes one connection, reads until it ends its header, answers with `bytes` and closes.
class CannedServer {
 public:
  CannedServer(const std::string& path, std::string bytes)
      : file_(*SocketFile::Listen(path)), listener_(file_->ReleaseListener()) {
    thread_ = std::thread([this, bytes = std::move(bytes)] {
      const Descriptor peer(accept(listener_.get(), nullptr, nullptr));
      std::string request(64 * 1024, '\0');
      if (recv(peer.get(), request.data(), request.size(), 0) <= 0) return;
      send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    });
  }
  ~CannedServer() { thread_.join(); }

 private:
  std::unique_ptr<SocketFile> file_;
  Descriptor listener_;
  std::thread thread_;
};

TEST(HttpClient, NobodyListeningIsUnavailableWithAnAdvice) {
  const TemporaryFolder folder;
  for (const std::string& path : {folder.Path("http.sock"), folder.Path("none/http.sock"),
                                  folder.Path(std::string(120, 'x') + "/http.sock")}) {
    const auto response = HttpCall(path, Get({"hello"}), kPatience);
    EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
    EXPECT_THAT(std::string(response.status().message()), HasSubstr("is dolen serve running"));
    EXPECT_FALSE(SomebodyListens(path));
  }
}

TEST(HttpClient, SocketOfADeadProcessIsUnavailable) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  auto file = SocketFile::Listen(path);
  ASSERT_TRUE(file.ok());
  { const Descriptor closed((*file)->ReleaseListener()); }
  const auto response = HttpCall(path, Get({"hello"}), kPatience);
  EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
  EXPECT_THAT(std::string(response.status().message()), HasSubstr("process that ended"));
  EXPECT_FALSE(SomebodyListens(path));
}

TEST(HttpClient, SlowAnswerIsADeadlineAndTheClientGoesOn) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  Gate gate;
  const auto server = Serve(path, &gate);
  HttpClient client(path);
  const auto response = client.Call(Get({"wait"}), absl::Milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded(response.status())) << response.status();
  EXPECT_EQ(client.Call(Get({"hello"}), kPatience)->body, "{\"hello\":true}");
  gate.Open();
}

TEST(HttpClient, SilentListenerIsADeadline) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  const auto file = SocketFile::Listen(path);  // never accepts
  ASSERT_TRUE(file.ok());
  const auto response = HttpCall(path, Get({"hello"}), absl::Milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded(response.status())) << response.status();
  EXPECT_TRUE(SomebodyListens(path));
}

TEST(HttpClient, EndWithoutAnAnswerIsUnavailableAndNotKnown) {
  for (const std::string bytes :
       {"", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"}) {
    const TemporaryFolder folder;
    const std::string path = folder.Path("http.sock");
    const CannedServer server(path, bytes);
    const auto response = HttpCall(path, Post({"echo"}, "x"), kPatience);
    EXPECT_TRUE(absl::IsUnavailable(response.status())) << response.status();
    EXPECT_THAT(std::string(response.status().message()), HasSubstr("may or may not"));
  }
}

TEST(HttpClient, WhatIsNotHttpIsDataLoss) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  const CannedServer server(path, "SSH-2.0-OpenSSH_9.2\r\n");
  const auto response = HttpCall(path, Get({"hello"}), kPatience);
  EXPECT_TRUE(absl::IsDataLoss(response.status())) << response.status();
}

TEST(HttpClient, ConnectionIsKept) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  HttpServerOptions options;
  options.max_connections = 1;
  const auto server = Serve(path, nullptr, options);
  HttpClient client(path);
  for (int i = 0; i < 100; ++i) {
    const auto response = client.Call(Get({"hello"}), kPatience);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_EQ(response->status, 200);
  }
  // The kept connection is the only one there may be.
  EXPECT_EQ(HttpCall(path, Get({"hello"}), kPatience)->status, 503);
}

TEST(HttpClient, RestartedServerIsFoundAgain) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  HttpClient client(path);
  for (int round = 0; round < 3; ++round) {
    const auto server = Serve(path);
    EXPECT_EQ(client.Call(Post({"echo"}, "again"), kPatience)->body, "again") << round;
  }
  EXPECT_TRUE(absl::IsUnavailable(client.Call(Get({"hello"}), kPatience).status()));
}

TEST(HttpClient, RequestThatCannotBeSentIsRefusedBeforeItIs) {
  HttpRequest request = Get({"hello"});
  request.method = "GET /hello HTTP/1.1\r\nx:";
  EXPECT_TRUE(absl::IsInvalidArgument(HttpCall("nowhere", request, kPatience).status()));
  request = Get({"hello"});
  request.headers["x-evil"] = "a\r\nb: c";
  EXPECT_TRUE(absl::IsInvalidArgument(HttpCall("nowhere", request, kPatience).status()));
  request.headers = {{"x evil", "a"}};
  EXPECT_TRUE(absl::IsInvalidArgument(HttpCall("nowhere", request, kPatience).status()));
}

TEST(HttpClient, AnswerToABodyThatIsTooLargeIsSeen) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  const auto server = Serve(path);
  for (int i = 0; i < 5; ++i) {
    const auto response =
        HttpCall(path, Post({"echo"}, std::string(20 * 1024 * 1024, 'x')), kPatience);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, 413);
    EXPECT_EQ(response->content_type, "application/problem+json");
    EXPECT_THAT(response->body, HasSubstr("body_too_large"));
  }
}

}  // namespace
}  // namespace dolen
