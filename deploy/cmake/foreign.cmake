# Everything from outside, each used in one place only (DESIGN.md, "Rooms").
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(Protobuf REQUIRED)
find_package(RocksDB REQUIRED)   # engine/log, engine/store
find_package(GTest REQUIRED)     # tests
find_package(OpenSSL REQUIRED)   # engine/base/digest.cc, connectors/http/tls.cc
find_package(ZLIB REQUIRED)      # connectors/files, connectors/http/gzip.cc
find_package(pugixml REQUIRED)   # connectors/files
find_package(Boost 1.81 REQUIRED) # connectors/http; headers only (Beast, Asio)
find_package(PkgConfig REQUIRED)
pkg_check_modules(rdkafka REQUIRED IMPORTED_TARGET rdkafka)  # connectors/kafka
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash) # engine/base/digest.cc
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd) # deploy/program/watchdog.cc
find_package(spdlog REQUIRED)    # engine/base/log.cc
find_package(nlohmann_json REQUIRED) # projections, connectors/http, connectors/alerting, deploy
pkg_check_modules(cjose REQUIRED IMPORTED_TARGET cjose) # connectors/tokens
find_package(CURL 7.85 REQUIRED) # connectors/alerting/outbound.cc
find_package(prometheus-cpp REQUIRED) # connectors/metrics; core only
find_package(benchmark REQUIRED) # benchmarks
find_package(CLI11 REQUIRED)    # deploy/program/main.cc
