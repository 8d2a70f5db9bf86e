#include "agentpipe/model/json_writer.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <optional>

using agentpipe::model::JsonWriter;

TEST_CASE("objects and arrays nest with commas where they belong") {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object()
      .field("a", 1)
      .key("b")
      .begin_array()
      .value("x")
      .value(true)
      .null()
      .begin_object()
      .end_object();
  writer.end_array().field("c", std::optional<double>{}).key("d").raw("[1]").end_object();
  CHECK(out == R"({"a":1,"b":["x",true,null,{}],"c":null,"d":[1]})");
}

TEST_CASE("text is escaped, broken UTF-8 is repaired, the rest stays readable") {
  std::string out;
  JsonWriter(out).value("q\" b\\ n\n t\t \x01 é 😀 <b> \xff\xc3(");
  CHECK(out == "\"q\\\" b\\\\ n\\n t\\t \\u0001 é 😀 <b> \xEF\xBF\xBD\xEF\xBF\xBD(\"");
}

TEST_CASE("numbers are written so that they read back exactly") {
  std::string out;
  JsonWriter writer(out);
  writer.begin_array().value(0.1).value(75.0).value(1e300).value(std::numeric_limits<double>::infinity());
  writer.value(std::int64_t{-5}).value(std::numeric_limits<std::uint64_t>::max()).end_array();
  CHECK(out == "[0.1,75,1e+300,null,-5,18446744073709551615]");
}
