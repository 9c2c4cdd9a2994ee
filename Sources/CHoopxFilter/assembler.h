// A structured assembler for seccomp's classic BPF: blocks instead of jump distances.
//
//   when(p, equal_to(SYS_socket));      // if (number == SYS_socket) {
//       load_argument(p, 0);            //     the accumulator becomes the low 32 bits of the first argument
//       ...
//       deny(p, EPERM);                 //     return
//   end(p);                             // }
//
// Outside of a block the accumulator holds what it held before it, as long as each block returns at its end.
#pragma once

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEEPEST_BLOCK = 6 };

struct program {
    struct sock_filter *code;
    size_t capacity;
    size_t length;
    size_t open[DEEPEST_BLOCK];
    size_t depth;
    bool has_overflowed;
};

// What the accumulator is asked: `operation` is BPF_JEQ, BPF_JGE or BPF_JSET.
struct test {
    uint16_t operation;
    uint32_t value;
};

static inline struct test equal_to(uint32_t value) { return (struct test){BPF_JEQ, value}; }
static inline struct test at_least(uint32_t value) { return (struct test){BPF_JGE, value}; }
static inline struct test has_any_bit_of(uint32_t value) { return (struct test){BPF_JSET, value}; }

// Opens a block that runs where the test holds (`when`) or does not (`unless`).
void when(struct program *p, struct test test);
void unless(struct program *p, struct test test);
void end(struct program *p);

// Loads into the accumulator. An argument's upper half exists for pointers only: the kernel takes an int from the lower
// one, so that a comparison of all 64 bits could be dodged.
void load_architecture(struct program *p);
void load_number(struct program *p);
void load_argument(struct program *p, unsigned int index);
void load_upper_half(struct program *p, unsigned int index);
void keep_bits(struct program *p, uint32_t mask);

// Ends the program with an answer.
void allow(struct program *p);
void deny(struct program *p, int error);
void pretend_success(struct program *p);
void notify(struct program *p);
void kill_process(struct program *p);
