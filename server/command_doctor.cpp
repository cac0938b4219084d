#include <memory>

#include "server/command.h"
#include "server/service/checkup.h"

namespace vivavox {

void add_doctor_command(CLI::App& tool, int& status) {
  auto* command =
      tool.add_subcommand("doctor", "Say what `serve` with these settings would lack, and why");
  auto settings = std::make_shared<Settings>();
  settings->log_level = "error";
  add_settings(*command, *settings);
  command->callback([settings, &status] {
    status = exit_success;
    for (const Finding& one : check_up(*settings)) {
      const char* verdict = one.is_well ? "well" : one.is_needed ? "BAD " : "lack";
      const std::string& words = one.is_well ? one.note : one.is_well.error().message;
      std::printf("%s  %-8s  %s\n", verdict, one.what.c_str(), words.c_str());
      if (!one.is_well && one.is_needed) status = exit_failure;
    }
  });
}

}  // namespace vivavox
