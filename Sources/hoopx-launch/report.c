#include "launch.h"

#include <descriptor_passing.h>

void report(int control, enum hoopx_launch_report kind, pid_t pid, int value, int error) {
    struct hoopx_launch_message message = {.report = kind, .pid = pid, .value = value, .error = error};
    // A supervisor that is gone shows as end of file where the guardian listens.
    hoopx_send_packet(control, &message, sizeof message, -1);
}
