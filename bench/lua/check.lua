-- Token checks for wrk: every request a random token among those that bench/sessions.py made, so that none is cached.
-- Arguments: the first number, the step, how many numbers, the length of a text, a seed.

local text = "%08x%08x"
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    first, step, count, length = tonumber(args[1]), tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
    math.randomseed(tonumber(args[5]) * 64 + number)
    local head = "GET %s HTTP/1.1\r\nHost: %s:%s\r\nUser-Agent: bench\r\nAuthorization: Token "
    before = string.format(head, wrk.path, wrk.host, wrk.port)
    after = string.rep("b", length - 16) .. "\r\n\r\n"
end

function request()
    local n = first + step * math.random(0, count - 1)
    return before .. string.format(text, n * 331804471 % 4294967296, n) .. after
end

function done(summary, latency)
    local errors = summary.errors
    local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
    local form = "BENCH %d %d %d %d %d\n"
    local middle, high = latency:percentile(50), latency:percentile(99)
    io.write(string.format(form, summary.requests, summary.duration, middle, high, failed))
end
