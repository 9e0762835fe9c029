# A room is one library with one entry rule (DESIGN.md, "Rooms"; tests/gates/structure.py checks it).

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(dolen_flags INTERFACE)
target_include_directories(dolen_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(dolen_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-sign-compare
  $<$<BOOL:${DOLEN_WERROR}>:-Werror>
  -fno-omit-frame-pointer -fstack-protector-strong
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
if(DOLEN_SANITIZE)
  add_compile_options(-fsanitize=${DOLEN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DOLEN_SANITIZE})
endif()

# dolen_room(NAME SOURCES a.cc ... DEPS lib ...): a static library named NAME.
function(dolen_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;DEPS" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(${name} PUBLIC dolen_flags ${ROOM_DEPS})
endfunction()

# dolen_test(NAME LABELS unit ... SOURCES a_test.cc ... DEPS lib ...): one GoogleTest binary for one room.
function(dolen_test name)
  cmake_parse_arguments(TEST "" "" "LABELS;SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE dolen_flags ${TEST_DEPS} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 900)
endfunction()
