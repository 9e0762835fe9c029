#include "tests/connectors/alerting/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"

extern char** environ;  // NOLINT(readability-identifier-naming): POSIX

namespace dolen {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// -1: nobody listens.
int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

std::string ServerScript(absl::string_view name) {
  return absl::StrCat(DOLEN_SOURCE_DIR "/tests/connectors/alerting/servers/", name);
}

TemporaryFolder::TemporaryFolder() : path_(testing::TempDir() + "/dolen-alerting-XXXXXX") {
  DOLEN_CHECK(mkdtemp(path_.data()) != nullptr);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::Path(absl::string_view name) const {
  return absl::StrCat(path_, "/", name);
}

std::string TemporaryFolder::Write(absl::string_view name, absl::string_view text) const {
  const std::string path = Path(name);
  std::ofstream(path) << text;
  return path;
}

Server::Server(const std::vector<std::string>& command, std::string log) : log_(std::move(log)) {
  std::vector<std::string> words = {"setpriv", "--pdeathsig", "KILL"};
  words.insert(words.end(), command.begin(), command.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int ends[2];
  DOLEN_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawn_file_actions_addopen(&actions, 1, log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  const int error = posix_spawnp(&pid_, "setpriv", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[0]);
  input_ = ends[1];
  if (error != 0) {
    pid_ = -1;
    ADD_FAILURE() << "cannot start setpriv (Debian: util-linux): " << strerror(error);
  }
}

bool Server::HasEnded() const {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

int Server::AwaitPort() const {
  int port = 0;
  const auto is_ready = [&] {
    for (const absl::string_view line : absl::StrSplit(ReadFile(log_), '\n')) {
      if (absl::StartsWith(line, "ready ") && absl::SimpleAtoi(line.substr(6), &port)) return true;
    }
    return HasEnded();
  };
  Await(is_ready);
  EXPECT_NE(port, 0) << "the server did not start: " << ReadFile(log_);
  return port;
}

bool Server::AwaitListening(int port) const {
  bool listens = false;
  const auto is_ready = [&] {
    const int fd = ConnectTo(port);
    listens = fd >= 0;
    if (listens) close(fd);
    return listens || HasEnded();
  };
  Await(is_ready);
  EXPECT_TRUE(listens) << "the server did not start: " << ReadFile(log_);
  return listens;
}

void Server::Stop() {
  if (input_ >= 0) close(input_);
  input_ = -1;
  if (pid_ < 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  DOLEN_CHECK(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  DOLEN_CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(fd);
  return ntohs(address.sin_port);
}

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Ran RunCommand(const std::string& command, absl::string_view input) {
  const TemporaryFolder folder;
  const std::string given = folder.Write("input", input);
  FILE* pipe = popen(absl::StrCat("exec <", given, " 2>&1; ", command).c_str(), "re");
  DOLEN_CHECK(pipe != nullptr);
  Ran ran;
  char buffer[4096];
  while (const size_t n = fread(buffer, 1, sizeof(buffer), pipe)) ran.output.append(buffer, n);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

std::string HttpGet(int port, const std::string& path) {
  const int fd = ConnectTo(port);
  if (fd < 0) return "";
  const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\nHost: localhost\r\n\r\n");
  std::string answer;
  if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
    char buffer[4096];
    while (const ssize_t n = recv(fd, buffer, sizeof(buffer), 0)) {
      if (n < 0) break;
      answer.append(buffer, n);
    }
  }
  close(fd);
  const size_t body = answer.find("\r\n\r\n");
  const bool is_good = absl::StrContains(answer.substr(0, answer.find("\r\n")), " 200 ");
  return is_good && body != std::string::npos ? answer.substr(body + 4) : "";
}

}  // namespace dolen
