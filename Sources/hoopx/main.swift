import HoopxCommands

HoopxCommand.start()
