#include "assembler.h"

#include <endian.h>
#include <linux/seccomp.h>

#if __BYTE_ORDER != __LITTLE_ENDIAN
#error "the halves of an argument are swapped here"
#endif

static void emit(struct program *p, uint16_t operation, uint32_t value) {
    if (p->length == p->capacity) {
        p->has_overflowed = true;
        return;
    }
    p->code[p->length++] = (struct sock_filter)BPF_STMT(operation, value);
}

// A conditional jump runs on into the block; its other distance, to the block's end, is filled in by `end`.
static const uint8_t to_be_filled = 0xff;

static void open_block(struct program *p, struct test test, uint8_t if_true, uint8_t if_false) {
    if (p->depth == DEEPEST_BLOCK) {
        p->has_overflowed = true;
        return;
    }
    p->open[p->depth++] = p->length;
    emit(p, BPF_JMP | test.operation | BPF_K, test.value);
    if (p->has_overflowed) return;
    p->code[p->length - 1].jt = if_true;
    p->code[p->length - 1].jf = if_false;
}

void when(struct program *p, struct test test) { open_block(p, test, 0, to_be_filled); }

void unless(struct program *p, struct test test) { open_block(p, test, to_be_filled, 0); }

void end(struct program *p) {
    if (p->has_overflowed) return;
    size_t start = p->open[--p->depth];
    size_t distance = p->length - start - 1;
    if (distance >= to_be_filled) {
        p->has_overflowed = true;
        return;
    }
    struct sock_filter *jump = &p->code[start];
    if (jump->jt == to_be_filled) jump->jt = (uint8_t)distance;
    else jump->jf = (uint8_t)distance;
}

static void load(struct program *p, size_t offset) { emit(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset); }

void load_architecture(struct program *p) { load(p, offsetof(struct seccomp_data, arch)); }

void load_number(struct program *p) { load(p, offsetof(struct seccomp_data, nr)); }

void load_argument(struct program *p, unsigned int index) { load(p, offsetof(struct seccomp_data, args) + 8 * index); }

void load_upper_half(struct program *p, unsigned int index) {
    load(p, offsetof(struct seccomp_data, args) + 8 * index + 4);
}

void keep_bits(struct program *p, uint32_t mask) { emit(p, BPF_ALU | BPF_AND | BPF_K, mask); }

static void answer(struct program *p, uint32_t action) { emit(p, BPF_RET | BPF_K, action); }

void allow(struct program *p) { answer(p, SECCOMP_RET_ALLOW); }

void deny(struct program *p, int error) { answer(p, SECCOMP_RET_ERRNO | (uint32_t)error); }

void pretend_success(struct program *p) { answer(p, SECCOMP_RET_ERRNO); }

void notify(struct program *p) { answer(p, SECCOMP_RET_USER_NOTIF); }

void kill_process(struct program *p) { answer(p, SECCOMP_RET_KILL_PROCESS); }
