#include "connectors/http/socket_file.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "connectors/http/client.h"
#include "connectors/http/server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/connectors/http/support.h"

namespace dolen {
namespace {

using ::testing::HasSubstr;

int ModeOf(const std::string& path) {
  struct stat file;
  return lstat(path.c_str(), &file) == 0 ? static_cast<int>(file.st_mode & 07777) : -1;
}

// A socket file as somebody else makes it. Closing the result leaves the file behind.
Descriptor Bind(const std::string& path, bool listening) {
  Descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof(name.sun_path) - 1);
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  if (listening) {
    EXPECT_EQ(listen(fd.get(), 1), 0);
  }
  return fd;
}

TEST(SocketFile, OnlyItsOwnerMayUseItWhateverTheUmask) {
  for (const mode_t mask : {0000, 0022, 0077, 0777}) {
    const TemporaryFolder folder;
    const std::string path = folder.Path("http.sock");
    { std::ofstream lock(path + ".lock"); }  // as an earlier run left it: 0777 would lock us out
    const mode_t before = umask(mask);
    const auto server = Serve(path);
    umask(before);
    EXPECT_EQ(ModeOf(path), 0600) << mask;
  }
}

TEST(SocketFile, GoesWithItsServer) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  for (int round = 0; round < 3; ++round) {
    auto server = Serve(path);
    ASSERT_TRUE(server);
    EXPECT_TRUE(SomebodyListens(path));
    server.reset();
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_FALSE(SomebodyListens(path));
  }
}

TEST(SocketFile, StaleOneIsReplaced) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  { const Descriptor ended = Bind(path, true); }
  ASSERT_TRUE(std::filesystem::exists(path));
  EXPECT_FALSE(SomebodyListens(path));
  const auto server = Serve(path);
  ASSERT_TRUE(server);
  EXPECT_EQ(HttpCall(path, Get({"hello"}), kPatience)->status, 200);
}

TEST(SocketFile, LiveServerIsNotDisturbed) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  const auto first = Serve(path);
  const auto second = HttpServer::Listen(path, TestRouter());
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("already answers on " + path));
  EXPECT_EQ(HttpCall(path, Get({"hello"}), kPatience)->status, 200);
}

TEST(SocketFile, ForeignListenerWithoutALockIsNotDisturbed) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  const Descriptor foreign = Bind(path, true);
  const auto server = HttpServer::Listen(path, TestRouter());
  EXPECT_TRUE(absl::IsFailedPrecondition(server.status())) << server.status();
  EXPECT_TRUE(SomebodyListens(path));
}

TEST(SocketFile, AnotherKindOfFileIsLeftAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  { std::ofstream(path) << "precious"; }
  const auto server = HttpServer::Listen(path, TestRouter());
  EXPECT_TRUE(absl::IsFailedPrecondition(server.status())) << server.status();
  EXPECT_EQ(std::filesystem::file_size(path), 8u);
}

TEST(SocketFile, AFileThatTookItsPlaceIsLeftAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("http.sock");
  auto server = Serve(path);
  std::filesystem::rename(path, folder.Path("moved.sock"));
  const Descriptor other = Bind(path, true);
  server.reset();
  EXPECT_TRUE(SomebodyListens(path));
}

TEST(SocketFile, PathMayBeLongerThanAnAddress) {
  const TemporaryFolder folder;
  const std::string deep = folder.Path(std::string(90, 'a') + "/" + std::string(90, 'b'));
  std::filesystem::create_directories(deep);
  const std::string path = deep + "/http.sock";
  auto server = Serve(path);
  ASSERT_TRUE(server);
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_EQ(HttpCall(path, Get({"hello"}), kPatience)->status, 200);
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(SocketFile, MissingFolderAndImpossibleNamesAreSaid) {
  const TemporaryFolder folder;
  EXPECT_TRUE(
      absl::IsNotFound(HttpServer::Listen(folder.Path("none/http.sock"), TestRouter()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(HttpServer::Listen("", TestRouter()).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      HttpServer::Listen(folder.Path(std::string(200, 'x')), TestRouter()).status()));
}

}  // namespace
}  // namespace dolen
