import HoopxCommands

HoopxCommand.main()
